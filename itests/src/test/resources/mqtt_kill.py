"""Publishes and receives without end through a gateway that is killed: HOST PORT CA CERT KEY STOP.

One client publishes numbered messages at QoS 1 and 2; of two that receive them one stays connected
and one comes and goes. When the file STOP appears, all that was published must have arrived: QoS 2
once and in order, QoS 1 at least once. Prints who connected, and at the end how many messages there
were and what is wrong.
"""
import collections
import os
import random
import socket
import sys
import threading
import time

import paho.mqtt.client as mqtt

host, port, ca, certificate, key, stop = sys.argv[1:]
DRAIN_SECONDS = 60


def say(*words):
    """One line in one piece: print() writes its words singly, and clients speak from threads of their own."""
    os.write(1, (' '.join(map(str, words)) + '\n').encode())


def spans(numbers):
    """Stretches without a gap, by their ends."""
    starts = [n for n in numbers if n - 1 not in numbers]
    ends = [n for n in numbers if n + 1 not in numbers]
    return list(zip(starts, ends))[:20]


class Reachable(mqtt.Client):
    """Paho publishes a message anew that waits for PUBCOMP when a reconnection fails: it must not."""

    def reconnect(self):
        with socket.create_connection((host, int(port)), 5):
            return super().reconnect()


class Client:
    def __init__(self, name):
        self.name = name
        self.client = Reachable(name, clean_session=False)
        self.client.tls_set(ca, certificate, key)
        self.client.reconnect_delay_set(1, 1)
        self.connected = threading.Event()
        self.client.on_connect = self.on_connect
        self.client.on_disconnect = self.on_disconnect

    def on_connect(self, client, data, flags, code):
        if code == 0:
            self.connected.set()
            say('connected', self.name)
        else:
            say('refused', self.name, code)

    def on_disconnect(self, client, data, code):
        self.connected.clear()
        say('disconnected', self.name, code)

    def start(self):
        self.client.connect(host, int(port), keepalive=30)
        self.client.loop_start()
        assert self.connected.wait(20)


class Subscriber(Client):
    def __init__(self, name):
        super().__init__(name)
        self.got = {'k/1': [], 'k/2': []}
        self.client.on_message = lambda c, u, message: self.got[message.topic].append(int(message.payload))
        granted = threading.Event()
        self.client.on_subscribe = lambda *rest: granted.set()
        self.start()
        self.client.subscribe('k/#', 2)
        assert granted.wait(20)

    def come_and_go(self):
        while not os.path.exists(stop):
            time.sleep(random.random())
            self.client.disconnect()
            self.client.loop_stop()
            time.sleep(random.random())
            self.come()

    def come(self):
        """The loop of a client that has disconnected does not try again by itself."""
        while True:
            try:
                self.client.reconnect()
                break
            except OSError:
                time.sleep(0.2)  # the gateway is down
        self.client.loop_start()

    def missing(self, count):
        return {topic: sorted(set(range(count)) - set(numbers)) for topic, numbers in self.got.items()}

    def problems(self, name, count):
        found = [(name, 'missing', topic, spans(numbers)) for topic, numbers in self.missing(count).items() if numbers]
        twice = [n for n, times in collections.Counter(self.got['k/2']).items() if times > 1]
        if twice:
            found.append((name, 'twice', twice[:5]))
        falls = [pair for pair in zip(self.got['k/2'], self.got['k/2'][1:]) if pair[0] > pair[1]]
        if falls:
            found.append((name, 'order', falls[:20]))
        return found


class Publisher(Client):
    def __init__(self):
        super().__init__('kill-publisher')
        self.room = threading.Semaphore(40)
        self.open = 0
        self.client.on_publish = self.on_publish
        self.start()

    def on_publish(self, *rest):
        self.open -= 1
        self.room.release()

    def run(self):
        count = 0
        while not os.path.exists(stop):
            for qos in (1, 2):
                self.room.acquire()
                self.open += 1
                self.client.publish(f'k/{qos}', count, qos)
            count += 1
            time.sleep(0.002)  # the pace of the load
        return count


here, away, publisher = Subscriber('kill-here'), Subscriber('kill-away'), Publisher()
changing = threading.Thread(target=away.come_and_go)
changing.start()
count = publisher.run()
changing.join()
end = time.monotonic() + DRAIN_SECONDS
while time.monotonic() < end and (publisher.open or any(
        numbers for each in (here, away) for numbers in each.missing(count).values())):
    time.sleep(0.1)
problems = here.problems('here', count) + away.problems('away', count)
if publisher.open:
    problems.append(('publisher', 'unacknowledged', publisher.open))
say('messages', count, problems)
