"""JSON: depth, width, numbers, in whatever takes JSON."""
import json

import calls
import wire
from case import case

MEGABYTE = 1_000_000


def deep(size=MEGABYTE, before='', after=''):
    """Objects within objects, each with an empty name."""
    levels = (size - len(before) - len(after)) // 5
    return (before + '{"":' * levels + '0' + '}' * levels + after).encode()


def wide(size=MEGABYTE):
    return ('{' + ','.join(f'"{n}":0' for n in range(size // 10)) + '}').encode()


COGNITO = {'X-Amz-Target': 'AWSCognitoIdentityService.GetId', 'Content-Type': 'application/x-amz-json-1.1'}


@case(few=True, spans=2)
def strangers_bodies(attack):
    """110 unsigned GetId calls with 1 MB of nested JSON, the last byte held back until all are there."""
    body = deep()
    waiting = []
    for _ in range(110 if attack.clients == 1 else 12):
        if not attack.going:
            break
        connection = attack.https(timeout=2)
        if connection is None:
            continue
        try:
            if connection.send(connection.request('POST', '/', body, headers=COGNITO)[:-1]):
                waiting.append(connection)
            else:
                attack.refused('not read', len(body))
        except calls.Refused:
            attack.answer(connection, len(body))
    attack.meet()
    for connection in waiting:
        try:
            connection.send(b'}')
            attack.accepted(len(body))
        except calls.Refused:
            attack.refused('closed', len(body))
    for connection in waiting:
        attack.answer(connection, len(body))


@case()
def strangers_width(attack):
    """Unsigned calls of Cognito with 1 MB of wide JSON, arrays, long names and long numbers."""
    bodies = [wide(), b'[' + b'0,' * 499_000 + b'0]', b'{"IdentityPoolId":"' + b'x' * MEGABYTE + b'"}',
              b'{"Logins":' + wide(900_000) + b'}', b'{"a":' + b'9' * MEGABYTE + b'}', b'{"a":1e999999999}']
    for number in range(60):
        if not attack.going:
            return
        attack.call('POST', '/', bodies[number % len(bodies)], keys=None, headers=COGNITO)


@case(few=True)
def shadow_updates(attack):
    """QoS 0 updates of one's own shadow, 1 MB of nested JSON each, as fast as they are taken."""
    client = attack.mqtt(timeout=3)
    body = deep(before='{"state":{"desired":', after='}}')
    data = wire.publish(f'$aws/things/abuse-{attack.number}/shadow/update', body)
    while client and attack.going and attack.throw(client, data, len(body)):
        pass


@case()
def shadow_width(attack):
    """Updates of one's own shadow with 1 MB of wide JSON, QoS 1 and QoS 0."""
    client = attack.mqtt(timeout=3)
    body = b'{"state":{"reported":' + wide() + b'}}'
    topic = f'$aws/things/abuse-{attack.number}/shadow/update'
    for _ in range(10):
        if not client or not attack.going:
            return
        if not (attack.throw(client, wire.publish(topic, body) * 5, len(body), 5)
                and attack.exchange(client, wire.publish(topic, body, 1) * 5, 5, len(body))):
            return


@case()
def shadow_numbers(attack):
    """Shadow documents with numbers that are long or have a huge exponent."""
    client = attack.mqtt()
    topic = f'$aws/things/abuse-{attack.number}/shadow/update'
    for number in ('1e999999999', '1e-999999999', '-1E+2147483647', '9' * 7000, '0.' + '0' * 7000 + '1', '1e99999999999999'):
        for part in (f'{{"state":{{"desired":{{"a":{number}}},"reported":{{"a":1}}}}}}', f'{{"state":{{}},"version":{number}}}'):
            if not client or not attack.going or not attack.exchange(client, wire.publish(topic, part.encode(), 1), 1, len(part)):
                return


@case()
def shadow_requests(attack):
    """Get and delete of one's own shadow with payloads of 1 MB, QoS 0."""
    client = attack.mqtt(timeout=3)
    for number in range(200):
        name = 'get' if number % 2 else 'delete'
        topic = f'$aws/things/abuse-{attack.number}/shadow/{name}'
        if not client or not attack.going or not attack.throw(client, wire.publish(topic, deep()), MEGABYTE):
            return


@case()
def shadow_names(attack):
    """Named shadows of one thing, of 7 kB each."""
    client = attack.mqtt()
    body = json.dumps({'state': {'reported': {'a': 'x' * 7000}}}).encode()
    names = []
    for number in range(0, 2000, 50):
        if not client or not attack.going:
            break
        some = [f'$aws/things/abuse-{attack.number}/shadow/name/n{number + n}' for n in range(50)]
        names += some
        data = b''.join(wire.publish(f'{topic}/update', body, 1, n + 1) for n, topic in enumerate(some))
        if not attack.exchange(client, data, 50, len(body)):
            break

    def delete():
        cleaner = wire.Client('127.0.0.1', attack.gateway.ports['MQTT'], attack.source, 10)
        cleaner.send(wire.connect(f'cleaner-{attack.number}'))
        cleaner.read()
        for topic in names:
            cleaner.send(wire.publish(f'{topic}/delete', b'', 1))
            cleaner.read()
        cleaner.close()
    attack.afterwards(delete)


@case(few=True)
def call_bodies(attack):
    """Signed calls with 1 MB of nested and wide JSON."""
    for number in range(60):
        if not attack.going:
            return
        body = deep() if number % 2 else wide()
        attack.call('POST', f'/things/abuse-{attack.number}', body)


@case(few=True)
def call_bodies_held_back(attack):
    """Signed calls with 1 MB of nested JSON, the last byte held back until all are there."""
    body = deep()
    waiting = []
    for _ in range(110 if attack.clients == 1 else 12):
        if not attack.going:
            break
        connection = attack.https(timeout=2)
        if connection is None:
            continue
        try:
            request = connection.request('POST', f'/things/abuse-{attack.number}', body, keys=attack.gateway.keys)
            if connection.send(request[:-1]):
                waiting.append(connection)
            else:
                attack.refused('not read', len(body))
        except calls.Refused:
            attack.answer(connection, len(body))
    attack.meet()
    for connection in waiting:
        try:
            connection.send(b'}')
        except calls.Refused:
            attack.refused('closed', len(body))
    for connection in waiting:
        attack.answer(connection, len(body))
