"""Lets much come and go on a gateway: HOST PORT CA CERT KEY DIRECTORY FIRST COUNT.

Each of COUNT cycles, numbered from FIRST, makes things, shadows, groups, certificates, policies,
rules, users, sessions, retained and queued messages under names of its own, sees that they work,
and takes all of them away again. Ends with an error if anything is not as it should be.
"""
import os
import queue
import socket
import ssl
import sys
import threading

import boto3
import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

host, port, ca, certificate, key, directory, first, count = sys.argv[1:]
ENDPOINT = os.environ['GATEHOUSE_ENDPOINT']
PATIENCE = 20
ROLE = 'arn:aws:iam::000000000000:role/r'
ANY = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}'

iot, data, iam = (boto3.client(name, endpoint_url=ENDPOINT) for name in ('iot', 'iot-data', 'iam'))


def properties(packet, **values):
    made = Properties(packet)
    for name, value in values.items():
        setattr(made, name, value)
    return made


class Client:
    """An MQTT 5 client that is in."""

    def __init__(self, name, clean, expiry, pair=(certificate, key), will=None):
        self.messages = queue.Queue()
        self.answers = queue.Queue()
        self.gone = threading.Event()
        self.client = mqtt.Client(name, protocol=mqtt.MQTTv5)
        self.client.tls_set(ca, *pair)
        if will:
            self.client.will_set(will, 'lost', 1)
        self.client.on_connect = lambda c, u, flags, code, p: self.answers.put(code == 0)
        self.client.on_subscribe = lambda c, u, mid, codes, p: self.answers.put(all(x.value < 3 for x in codes))
        self.client.on_message = lambda c, u, message: self.messages.put((message.topic, message.payload.decode()))
        self.client.on_disconnect = self.on_disconnect
        self.client.connect(host, int(port), 60, clean_start=clean,
                            properties=properties(PacketTypes.CONNECT, SessionExpiryInterval=expiry))
        self.client.loop_start()
        assert self.answers.get(timeout=PATIENCE), name

    def on_disconnect(self, client, *rest):
        client.disconnect()  # which means not to try again
        self.gone.set()

    def subscribe(self, *filters):
        self.client.subscribe([(each, mqtt.SubscribeOptions(2)) for each in filters],
                              properties=properties(PacketTypes.SUBSCRIBE, SubscriptionIdentifier=7))
        assert self.answers.get(timeout=PATIENCE), filters

    def publish(self, topic, payload, qos, **rest):
        self.client.publish(topic, payload, qos, **rest).wait_for_publish(PATIENCE)

    def expect(self, *wanted):
        """Those messages, in any order."""
        got = sorted(self.messages.get(timeout=PATIENCE) for _ in wanted)
        assert got == sorted(wanted), (got, wanted)

    def leave(self, expiry):
        self.client.disconnect(properties=properties(PacketTypes.DISCONNECT, SessionExpiryInterval=expiry))
        self.client.loop_stop()

    def drop(self):
        """Without a word."""
        self.client._sock.shutdown(socket.SHUT_RDWR)
        self.client.disconnect()
        self.client.loop_stop()


def sessions(n):
    topic = f'soak/{n}'
    kept = Client(f'kept-{n}', False, 3600)
    kept.subscribe(f'{topic}/#', f'$share/g{n}/shared/{n}/+')
    sender = Client(f'sender-{n}', True, 0, will=f'{topic}/will')
    for qos in range(3):
        sender.publish(f'{topic}/{qos}', 'here', qos)
    sender.publish(f'shared/{n}/a', 'here', 1)
    kept.expect(*[(f'{topic}/{qos}', 'here') for qos in range(3)], (f'shared/{n}/a', 'here'))
    kept.leave(3600)
    for qos in (1, 2):
        sender.publish(f'{topic}/{qos}', 'away', qos)
    sender.publish(f'{topic}/kept', 'retained', 1, retain=True)
    sender.drop()
    kept = Client(f'kept-{n}', False, 3600)
    kept.expect((f'{topic}/1', 'away'), (f'{topic}/2', 'away'), (f'{topic}/kept', 'retained'), (f'{topic}/will', 'lost'))
    kept.publish(f'{topic}/kept', b'', 1, retain=True)
    kept.leave(0)


def things(n):
    thing, group = f'thing-{n}', f'group-{n}'
    iot.create_thing(thingName=thing, attributePayload={'attributes': {'room': f'r{n}'}})
    iot.create_thing_group(thingGroupName=group)
    iot.add_thing_to_thing_group(thingName=thing, thingGroupName=group)
    app = Client(f'app-{n}', True, 0)
    app.subscribe(f'$aws/things/{thing}/shadow/update/accepted')
    data.update_thing_shadow(thingName=thing, payload='{"state":{"desired":{"n":%d}}}' % n)
    assert app.messages.get(timeout=PATIENCE)[0].endswith('accepted')
    app.publish(f'$aws/things/{thing}/shadow/name/other/update', '{"state":{"reported":{"n":1}}}', 1)
    app.leave(0)
    data.delete_thing_shadow(thingName=thing)
    data.delete_thing_shadow(thingName=thing, shadowName='other')
    iot.delete_thing(thingName=thing)
    iot.delete_thing_group(thingGroupName=group)


def certificates(n):
    made = iot.create_keys_and_certificate(setAsActive=True)
    pair = [os.path.join(directory, name) for name in ('soak.pem', 'soak.key')]
    for path, text in zip(pair, (made['certificatePem'], made['keyPair']['PrivateKey'])):
        with open(path, 'w') as file:
            file.write(text)
    iot.create_policy(policyName=f'policy-{n}', policyDocument=ANY)
    iot.attach_policy(policyName=f'policy-{n}', target=made['certificateArn'])
    device = Client(f'device-{n}', True, 0, pair)
    device.publish(f'soak/{n}', 'by its own certificate', 1)
    iot.update_certificate(certificateId=made['certificateId'], newStatus='INACTIVE')
    assert device.gone.wait(PATIENCE)
    device.leave(0)
    iot.detach_policy(policyName=f'policy-{n}', target=made['certificateArn'])
    iot.delete_policy(policyName=f'policy-{n}')
    iot.delete_certificate(certificateId=made['certificateId'])


def rules(n):
    n %= 20  # the rights that rules have through their roles are kept by the rules' names, up to a number
    iot.create_topic_rule(ruleName=f'rule_{n}', topicRulePayload={
        'sql': f"SELECT *, topic(2) AS id FROM 'in/{n}'", 'awsIotSqlVersion': '2016-03-23',
        'actions': [{'republish': {'topic': f'out/{n}', 'roleArn': ROLE}},
                    {'s3': {'bucketName': 'soak', 'key': 'last', 'roleArn': ROLE}}]})
    app = Client(f'ruled-{n}', True, 0)
    app.subscribe(f'out/{n}')
    app.publish(f'in/{n}', '{"v":1}', 1)
    app.expect((f'out/{n}', '{"v":1,"id":"%d"}' % n))
    app.leave(0)
    iot.delete_topic_rule(ruleName=f'rule_{n}')


def users(n):
    name = f'user-{n}'
    iam.create_user(UserName=name, Tags=[{'Key': 'n', 'Value': str(n)}])
    iam.put_user_policy(UserName=name, PolicyName='all', PolicyDocument=ANY)
    access = iam.create_access_key(UserName=name)['AccessKey']
    own = boto3.client('iot', endpoint_url=ENDPOINT, aws_access_key_id=access['AccessKeyId'],
                       aws_secret_access_key=access['SecretAccessKey'])
    own.list_things(maxResults=1)
    iam.delete_access_key(UserName=name, AccessKeyId=access['AccessKeyId'])
    iam.delete_user_policy(UserName=name, PolicyName='all')
    iam.delete_user(UserName=name)


def strangers():
    """Who speaks no TLS, who speaks TLS and no MQTT, and who says nothing and goes."""
    trusting = ssl.create_default_context(cafile=ca)
    trusting.load_cert_chain(certificate, key)
    for text in (b'\x16\x03\x01garbage', b'\x10\xff\xff\xff\xff\xff', b''):
        with socket.create_connection((host, int(port)), PATIENCE) as plain:
            plain.sendall(text)
        with socket.create_connection((host, int(port)), PATIENCE) as plain:
            with trusting.wrap_socket(plain, server_hostname=host) as tls:
                tls.sendall(text)


for n in range(int(first), int(first) + int(count)):
    sessions(n)
    things(n)
    certificates(n)
    rules(n)
    users(n)
    strangers()
