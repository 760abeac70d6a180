"""Wills, shared subscriptions and retained messages through a gateway that is killed: HOST PORT CA CERT KEY STOP
DISTURBED.

When the file STOP appears, what was promised must have come: the will of each connection that was lost, once, and none
of one that said goodbye; each message of a shared subscription, at QoS 2 to one member once, though members come, go
and end their sessions; to each new subscription all retained messages once, many more than are sent at a time. While
the file DISTURBED is there the store's disk is full, and nobody can say what of a goodbye was stored. Prints what was
done, and at the end what is wrong.
"""
import collections
import itertools
import os
import random
import socket
import sys
import threading
import time

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

host, port, ca, certificate, key, stop, disturbed = sys.argv[1:]
RETAINED = 1000
DRAIN_SECONDS = 60


def stopped():
    return os.path.exists(stop)


def say(*words):
    os.write(1, (' '.join(map(str, words)) + '\n').encode())


def kept():
    properties = Properties(PacketTypes.CONNECT)
    properties.SessionExpiryInterval = 3600
    return properties


class Client:
    """Connects only when it is told to, so that it is known what happened. One object of Paho's is one client with its
    state of QoS 2, which outlives connections."""

    def __init__(self, name, version=mqtt.MQTTv5):
        self.name, self.version = name, version
        self.alive = threading.Event()
        self.answered = threading.Event()
        self.client = None

    def handle(self, message):
        pass

    def up(self):
        """Whether it is connected. A TLS error ends Paho's thread without a callback."""
        thread = self.client and self.client._thread
        return self.alive.is_set() and thread is not None and thread.is_alive()

    def new(self, clean, will):
        options = {} if self.version == mqtt.MQTTv5 else {'clean_session': clean}
        client = mqtt.Client(self.name, protocol=self.version, reconnect_on_failure=False, **options)
        client.tls_set(ca, certificate, key)
        if will is not None:
            client.will_set(*will)

        def connected(c, u, flags, code, properties=None):
            if client is self.client:
                if code == 0:
                    self.alive.set()
                self.answered.set()

        def disconnected(c, u, code, properties=None):
            if client is self.client:
                self.alive.clear()
                self.answered.set()

        client.on_connect, client.on_disconnect = connected, disconnected
        client.on_message = lambda c, u, message: self.handle(message)
        return client

    def connect(self, clean=False, will=None):
        """Whether CONNACK came."""
        fresh = self.client is None or clean or will is not None
        if fresh:
            self.client = self.new(clean, will)
        self.answered.clear()
        try:
            with socket.create_connection((host, int(port)), 5):
                pass
            if not fresh:
                self.client.loop_stop()
                self.client.reconnect()
            elif self.version == mqtt.MQTTv5:
                start = mqtt.MQTT_CLEAN_START_FIRST_ONLY if clean else False
                self.client.connect(host, int(port), keepalive=30, clean_start=start, properties=kept())
            else:
                self.client.connect(host, int(port), keepalive=30)
        except OSError:
            return False
        self.client.loop_start()
        self.answered.wait(10)
        if self.up():
            return True
        self.drop()
        return False

    def persist(self, clean=False, will=None):
        while not self.connect(clean, will):
            time.sleep(0.2)

    def drop(self):
        """As if its power went: no DISCONNECT."""
        try:
            self.client.socket().shutdown(socket.SHUT_RDWR)
        except (OSError, AttributeError):
            pass
        self.client.loop_stop()
        self.alive.clear()

    def goodbye(self):
        self.client.disconnect()
        self.client.loop_stop()
        self.alive.clear()

    def subscribe(self, topic, qos, seconds=20):
        """Whether SUBACK came over the present connection."""
        granted = threading.Event()
        self.client.on_subscribe = lambda *rest: granted.set()
        client = self.client
        client.subscribe(topic, qos)
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.up() and not granted.wait(0.05):
            pass
        return granted.is_set()


class Listener(Client):
    """Keeps its session, and comes back when its connection is lost, until the end."""

    def __init__(self, name, topics, comes_and_goes=False, ends=False):
        super().__init__(name)
        self.topics, self.comes_and_goes, self.ends = topics, comes_and_goes, ends
        self.got = []
        self.finish = threading.Event()
        while not self.connect() or not all(self.subscribe(topic, qos) for topic, qos in topics):
            time.sleep(0.2)
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def handle(self, message):
        self.got.append((message.topic, message.payload.decode()))

    def run(self):
        while not self.finish.is_set():
            limit = random.random() if (self.comes_and_goes or self.ends) and not stopped() else 3600
            end = time.monotonic() + limit
            while time.monotonic() < end and self.up() and not self.finish.is_set() \
                    and (limit == 3600 or not stopped()):
                time.sleep(0.02)
            if self.finish.is_set():
                break
            if limit == 3600 and self.up():
                continue
            self.drop()
            time.sleep(random.random() / 2)
            # the end of its session gives what it held to others
            self.persist(clean=self.ends)
            while self.ends and not all(self.subscribe(topic, qos) for topic, qos in self.topics):
                self.drop()
                self.persist()
        self.goodbye()


class Publisher(Client):
    """Numbers to shared subscriptions; one at a time, again until it is acknowledged."""

    def run(self, topic, qos):
        count = 0
        self.persist()
        while not stopped():
            info = self.client.publish(topic, str(count), qos)
            while not info.is_published():
                if not self.up():
                    self.persist()  # and Paho sends it again
                time.sleep(0.002)
            count += 1
            time.sleep(0.005)
        self.goodbye()
        return count


class Mortal(Client):
    """Connects with a will, and is lost or says goodbye."""

    def __init__(self):
        super().__init__('state-mortal')
        self.lost, self.left, self.unknown = [], [], []

    def run(self):
        for number in itertools.count():
            if stopped():
                return
            will = str(number)
            calm = not os.path.exists(disturbed)
            if not self.connect(will=('w/state', will, 2)):
                self.unknown.append(will)  # perhaps it was there
                time.sleep(0.2)
                continue
            end = time.monotonic() + random.random() * 2
            while time.monotonic() < end and self.up():
                time.sleep(0.01)
            if not self.up() or random.random() < 0.5:
                self.drop()
                self.lost.append(will)
                continue
            self.goodbye()
            # it was stored if the gateway is there for as long as that takes
            time.sleep(0.3)
            calm &= not os.path.exists(disturbed)
            try:
                with socket.create_connection((host, int(port)), 5):
                    pass
            except OSError:
                calm = False
            (self.left if calm and self.pinged() else self.unknown).append(will)

    def pinged(self):
        probe = Client('state-probe')
        good = probe.connect(clean=True)
        probe.goodbye()
        return good


class Reader(Client):
    """Subscribes to many retained messages, again and again."""

    def __init__(self):
        super().__init__('state-reader')
        self.got = collections.Counter()
        self.rounds, self.wrong = 0, []

    def handle(self, message):
        self.got[message.topic] += 1

    def run(self):
        while not stopped():
            self.persist(clean=True)
            self.got.clear()
            if not self.subscribe('r/#', 2):
                self.drop()
                continue  # perhaps it was subscribed, perhaps not
            end = time.monotonic() + DRAIN_SECONDS
            while len(self.got) < RETAINED and time.monotonic() < end:
                if not self.up():
                    self.drop()
                    self.persist()
                time.sleep(0.01)
            twice = [topic for topic, count in self.got.items() if count > 1]
            if len(self.got) < RETAINED or twice:
                self.wrong.append((len(self.got), twice[:5]))
            self.rounds += 1
            self.goodbye()


def retain():
    filler = Client('state-filler')
    filler.persist(clean=True)
    infos = [filler.client.publish(f'r/{i}', 'x' * 100, 2, True) for i in range(RETAINED)]
    for info in infos:
        info.wait_for_publish(30)
    filler.goodbye()


retain()
watcher = Listener('state-watcher', [('w/#', 2)])
workers = [Listener('state-a', [('$share/one/s/1', 1), ('$share/two/s/2', 2)]),
           Listener('state-b', [('$share/one/s/1', 1), ('$share/two/s/2', 2)], comes_and_goes=True),
           Listener('state-c', [('$share/one/s/1', 1)], ends=True)]
mortal, reader = Mortal(), Reader()
counts = {}


def publish(qos):
    # an MQTT 3.1.1 client learns of a refusal by the end of its connection, and sends the message again
    counts[qos] = Publisher(f'state-publisher-{qos}', mqtt.MQTTv311).run(f's/{qos}', qos)


threads = [threading.Thread(target=mortal.run), threading.Thread(target=reader.run)]
threads += [threading.Thread(target=publish, args=(qos,)) for qos in (1, 2)]
for thread in threads:
    thread.start()
say('state runs')
for thread in threads:
    thread.join()


def problems():
    wills = collections.Counter(payload for topic, payload in watcher.got)
    found = [('will lost', w) for w in mortal.lost if wills[w] == 0]
    found += [('will twice', w) for w, count in wills.items() if count > 1]
    found += [('will after goodbye', w) for w in mortal.left if wills[w]]
    for qos in (1, 2):
        got = collections.Counter(payload for worker in workers for topic, payload in worker.got if topic == f's/{qos}')
        missing = [n for n in range(counts[qos]) if got[str(n)] == 0]
        if missing:
            found.append(('share', qos, 'missing', missing[:10], len(missing)))
        twice = [n for n, count in got.items() if count > 1]
        if qos == 2 and twice:
            found.append(('share', qos, 'twice', twice[:10], len(twice)))
    found += [('retained', wrong) for wrong in reader.wrong]
    return found


end = time.monotonic() + DRAIN_SECONDS
while time.monotonic() < end and problems():
    time.sleep(0.2)
found = problems()
for listener in [watcher] + workers:
    listener.finish.set()
    listener.thread.join()
say('state', 'wills', len(mortal.lost), len(mortal.left), len(mortal.unknown), 'shared', counts[1], counts[2],
    'retained', reader.rounds, found)
