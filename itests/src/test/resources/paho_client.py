"""Eclipse Paho's Python client against a gateway: VERSION HOST PORT CA CERTIFICATE KEY.

Prints a line for each thing that has been shown; ends with an error at the first that has not.
"""
import queue
import sys

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

version, host, port, ca, certificate, key = sys.argv[1:]
five = version == "5"
LIMIT = 20  # seconds


class Client:
    def __init__(self, name, persistent=False, will=None):
        protocol = mqtt.MQTTv5 if five else mqtt.MQTTv311
        options = {} if five else {"clean_session": not persistent}
        self.client = mqtt.Client(f"{name}-{version}", protocol=protocol, **options)
        self.client.tls_set(ca, certificate, key)
        self.connected, self.subscribed, self.acknowledged = (queue.Queue() for _ in range(3))
        self.messages, self.gone = queue.Queue(), queue.Queue()
        self.client.on_connect = lambda c, u, flags, code, *rest: self.connected.put((int(getattr(code, "value", code)), flags["session present"]))
        self.client.on_subscribe = lambda c, u, number, granted, *rest: self.subscribed.put([int(getattr(g, "value", g)) for g in granted])
        self.client.on_publish = lambda c, u, number: self.acknowledged.put(number)
        self.client.on_message = lambda c, u, message: self.messages.put(message)
        self.client.on_disconnect = lambda *rest: self.gone.put(True)
        if will:
            self.client.will_set(*will, qos=1)
        properties = None
        if five and persistent:
            properties = Properties(PacketTypes.CONNECT)
            properties.SessionExpiryInterval = 300
        clean = {"clean_start": not persistent, "properties": properties} if five else {}
        self.client.connect(host, int(port), keepalive=30, **clean)
        self.client.loop_start()
        code, self.session_present = self.connected.get(timeout=LIMIT)
        assert code == 0, code

    def subscribe(self, topic, qos):
        self.client.subscribe(topic, qos)
        assert self.subscribed.get(timeout=LIMIT) == [qos]

    def publish(self, topic, text, qos, properties=None):
        self.client.publish(topic, text, qos, properties=properties)
        self.acknowledged.get(timeout=LIMIT)

    def expect(self, topic, text, qos):
        message = self.messages.get(timeout=LIMIT)
        assert (message.topic, message.payload.decode(), message.qos) == (topic, text, qos), (
            message.topic, message.payload, message.qos)
        return message

    def close(self):
        self.client.disconnect()
        self.gone.get(timeout=LIMIT)
        self.client.loop_stop()


base = f"paho/{version}"
ear, mouth = Client("ear"), Client("mouth")
ear.subscribe(f"{base}/#", 1)
mouth.publish(f"{base}/zero", "at most once", 0)
ear.expect(f"{base}/zero", "at most once", 0)
mouth.publish(f"{base}/one", "at least once", 1)
ear.expect(f"{base}/one", "at least once", 1)
print("qos")

if five:
    sent = Properties(PacketTypes.PUBLISH)
    sent.UserProperty = [("unit", "Cel")]
    sent.ContentType = "text/plain"
    mouth.publish(f"{base}/properties", "21", 1, sent)
    got = ear.expect(f"{base}/properties", "21", 1).properties
    assert got.UserProperty == [("unit", "Cel")] and got.ContentType == "text/plain", got
    print("properties")

away = Client("away", persistent=True)
assert not away.session_present
away.subscribe(f"{base}/mail", 1)
away.close()
mouth.publish(f"{base}/mail", "waiting", 1)
ear.expect(f"{base}/mail", "waiting", 1)
away = Client("away", persistent=True)
assert away.session_present
away.expect(f"{base}/mail", "waiting", 1)
print("session")

dying = Client("dying", will=(f"{base}/will", "gone"))
dying.client.loop_stop()
dying.client.socket().close()  # without a DISCONNECT
ear.expect(f"{base}/will", "gone", 1)
print("will")

for client in (ear, mouth, away):
    client.close()
print("done")
