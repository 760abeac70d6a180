"""Fields of MQTT packets, each as long and as many as the gateway takes them."""
import struct

import wire
from case import case

LONG = 65_535
DEEP = '/'.join('a' * 990)  # as many levels as the gateway's default limit of 1,000 slashes leaves


def filters(own, number, count):
    return [f'{own}/{number}-{n}/{DEEP}' for n in range(count)]


@case(few=True, spans=2)
def subscribe_levels(attack):
    """SUBSCRIBEs of 500 filters with 990 levels each: a trie node for each level."""
    client = attack.mqtt()
    number = 0
    while client and attack.going and number < 40:
        many = filters(attack.topic, number, 500)
        if not attack.exchange(client, wire.subscribe(many), 1, len(many[0])):
            break
        number += 1


@case()
def subscribe_many(attack):
    """10,000 short filters by each of ten connections."""
    for connection in range(10):
        client = attack.mqtt(f'abuse-{attack.number}-{connection}')
        for number in range(10):
            if not client or not attack.going:
                return
            many = [f'{attack.topic}/{connection}/{number * 1000 + n}' for n in range(1000)]
            if not attack.exchange(client, wire.subscribe(many), 1, len(many[0])):
                break


@case()
def subscribe_long(attack):
    """Filters of 65,535 bytes, 15 in a SUBSCRIBE."""
    for connection in range(10):
        client = attack.mqtt(f'abuse-{attack.number}-{connection}')
        for number in range(40):
            if not client or not attack.going:
                return
            start = f'{attack.topic}/{connection}/{number}-'
            many = [(start + f'{n:02}').ljust(LONG, 'x') for n in range(15)]
            if not attack.exchange(client, wire.subscribe(many), 1, LONG):
                break


@case()
def subscribe_shared(attack):
    """Shared subscriptions, each in a group of its own, to one filter; then messages to it."""
    client = attack.mqtt()
    if not client:
        return
    for number in range(10):
        many = [f'$share/{number * 1000 + n}/{attack.topic}/s' for n in range(1000)]
        if not attack.going or not attack.exchange(client, wire.subscribe(many), 1, len(many[0])):
            break
    publisher = attack.mqtt(f'abuse-{attack.number}-publisher')
    for number in range(20):
        if not publisher or not attack.going or not attack.exchange(
                publisher, wire.publish(f'{attack.topic}/s', b'x' * 100_000, 1), 1, 100_000):
            break


@case()
def subscribe_identifiers(attack):
    """10,000 overlapping subscriptions with identifiers: each PUBLISH carries all of them."""
    client = attack.mqtt()
    number = 0
    # Filters of fourteen levels, each of which is the level itself or +.
    while client and attack.going and number < 10_000:
        many = ['/'.join([attack.topic] + ['+' if n >> bit & 1 else 'b' for bit in range(14)])
                for n in range(number, number + 500)]
        data = wire.subscribe(many, props=b'\x0b' + wire.variable(number + 1))
        if not attack.exchange(client, data, 1, len(many[0])):
            break
        number += 500
    publisher = attack.mqtt(f'abuse-{attack.number}-publisher')
    for _ in range(200):
        if not publisher or not attack.going or not attack.exchange(
                publisher, wire.publish('/'.join([attack.topic] + ['b'] * 14), b'x', 1), 1, 1):
            break


@case(few=True, spans=2)
def denied_topics(attack):
    """500 QoS 1 publishes a connection to topics of 65,000 bytes that no policy allows."""
    for connection in range(10):
        client = attack.mqtt(f'abuse-{attack.number}-{connection}')
        for number in range(0, 500, 10):
            if not client or not attack.going:
                return
            data = b''.join(wire.publish(f'denied/{attack.number}/{connection}/{number + n}'.ljust(65_000, 'x'), b'', 1, n + 1)
                            for n in range(10))
            if not attack.exchange(client, data, 10, 65_000):
                break


@case(few=True)
def publish_topics(attack):
    """Topics of 65,000 bytes, each another one: routes and rights may be cached by topic."""
    for connection in range(10):
        client = attack.mqtt(f'abuse-{attack.number}-{connection}')
        for number in range(0, 500, 10):
            if not client or not attack.going:
                return
            data = b''.join(wire.publish(f'{attack.topic}/{connection}/{number + n}'.ljust(65_000, 'x'), b'', 1, n + 1)
                            for n in range(10))
            if not attack.exchange(client, data, 10, 65_000):
                break


@case()
def publish_levels(attack):
    """Topics of 1,000 levels, each another one."""
    client = attack.mqtt()
    number = 0
    while client and attack.going and number < 20_000:
        data = b''.join(wire.publish(f'{attack.topic}/{number + n}/{DEEP}', b'', 1, n + 1) for n in range(50))
        if not attack.exchange(client, data, 50, len(DEEP)):
            break
        number += 50


@case(few=True, spans=2)
def aliases(attack):
    """16 topic aliases of 65,000 bytes on each of 200 connections."""
    for connection in range(200):
        client = attack.mqtt(f'abuse-{attack.number}-{connection}')
        if not client or not attack.going:
            return
        data = b''.join(wire.publish(f'{attack.topic}/{n}'.ljust(65_000, 'x'), b'', 1, n, props=b'\x23' + struct.pack('!H', n))
                        for n in range(1, 17))
        attack.exchange(client, data, 16, 65_000)


@case(few=True, spans=2)
def wills(attack):
    """Wills of 60,000 bytes on as many connections as are let in, 1,000 a client."""
    for connection in range(1000):
        if not attack.going:
            return
        client = attack.mqtt(f'abuse-{attack.number}-{connection}', will=(f'{attack.topic}/will', b'x' * 60_000, b''))
        if client:
            attack.accepted(60_000)
        else:
            break


@case()
def will_properties(attack):
    """Wills with 10,000 user properties."""
    for connection in range(500):
        if not attack.going:
            return
        client = attack.mqtt(f'abuse-{attack.number}-{connection}',
                             will=(f'{attack.topic}/will', b'', wire.user_property('', '') * 10_000))
        if client:
            attack.accepted(50_000)
        else:
            break


@case()
def wills_delayed(attack):
    """Wills of 60,000 bytes that wait for their delay, of sessions whose clients are gone."""
    names = []
    for number in range(1000):
        if not attack.going:
            break
        name = f'abuse-{attack.number}-{number}'
        client = attack.mqtt(name, props=wire.session_expiry(600), will=(
            f'{attack.topic}/will', b'x' * 60_000, b'\x18' + struct.pack('!I', 600)))
        if not client:
            break
        names.append(name)
        attack.accepted(60_000)
        attack.leave(client)
    attack.forget_sessions(*names)


@case(few=True)
def user_properties(attack):
    """PUBLISH with 200,000 empty user properties, QoS 1, ten at once."""
    client = attack.mqtt()
    for _ in range(10):
        if not client or not attack.going:
            return
        data = wire.publish(attack.topic, b'', 1, props=wire.user_property('', '') * 200_000)
        if not attack.exchange(client, data * 10, 10, len(data)):
            client = attack.mqtt()


@case()
def retained_properties(attack):
    """Retained messages with 200,000 empty user properties."""
    client = attack.mqtt()
    topics = []
    for number in range(200):
        if not client or not attack.going:
            break
        topics.append(f'{attack.topic}/{number}')
        data = wire.publish(topics[-1], b'x', 1, retain=True, props=wire.user_property('', '') * 200_000)
        if not attack.exchange(client, data, 1, len(data)):
            client = attack.mqtt()
    attack.forget_retained(*topics)


@case()
def packet_properties(attack):
    """SUBSCRIBE, UNSUBSCRIBE and DISCONNECT with 200,000 empty user properties."""
    many = wire.user_property('', '') * 200_000
    for _ in range(20):
        client = attack.mqtt()
        if not client or not attack.going:
            return
        attack.exchange(client, wire.subscribe([attack.topic], props=many), 1, len(many))
        attack.exchange(client, wire.packet(0xA2, b'\0\2' + wire.properties(many) + wire.text(attack.topic)), 1, len(many))
        attack.throw(client, wire.packet(0xE0, b'\0' + wire.properties(many)), len(many))
        attack.leave(client)


@case()
def connect_properties(attack):
    """CONNECT with as many user properties as are taken, 500 connections."""
    for size in (1_000, 10_000, 12_500, 200_000):
        for connection in range(125):
            if not attack.going:
                return
            client = attack.mqtt(f'abuse-{attack.number}-{size}-{connection}', props=wire.user_property('', '') * size)
            if not client:
                break
            attack.accepted(5 * size)


@case()
def client_ids(attack):
    """Client ids of 60,000 bytes, on connections that stay."""
    for connection in range(1000):
        if not attack.going:
            return
        client = attack.mqtt(f'abuse-{attack.number}-{connection}-'.ljust(60_000, 'x'))
        if not client:
            break
        attack.accepted(60_000)


@case(few=True)
def retained(attack):
    """Retained messages of 64 kB on topics of their own."""
    client = attack.mqtt()
    topics = []
    for number in range(0, 2000, 10):
        if not client or not attack.going:
            break
        some = [f'{attack.topic}/{number + n}' for n in range(10)]
        topics += some
        data = b''.join(wire.publish(topic, b'x' * 65_536, 1, n + 1, retain=True) for n, topic in enumerate(some))
        if not attack.exchange(client, data, 10, 65_536):
            break
    attack.forget_retained(*topics)


@case()
def retained_topics(attack):
    """Retained messages of one byte on topics of 65,000 bytes."""
    client = attack.mqtt()
    topics = []
    for number in range(0, 2000, 10):
        if not client or not attack.going:
            break
        some = [f'{attack.topic}/{number + n}'.ljust(65_000, 'x') for n in range(10)]
        topics += some
        data = b''.join(wire.publish(topic, b'x', 1, n + 1, retain=True) for n, topic in enumerate(some))
        if not attack.exchange(client, data, 10, 65_000):
            break
    attack.forget_retained(*topics)


@case()
def retained_levels(attack):
    """Retained messages on topics of 990 levels."""
    client = attack.mqtt()
    topics = []
    for number in range(0, 5000, 50):
        if not client or not attack.going:
            break
        some = [f'{attack.topic}/{number + n}/{DEEP}' for n in range(50)]
        topics += some
        data = b''.join(wire.publish(topic, b'x', 1, n + 1, retain=True) for n, topic in enumerate(some))
        if not attack.exchange(client, data, 50, len(some[0])):
            break
    attack.forget_retained(*topics)


@case()
def qos2_ids(attack):
    """QoS 2 packet ids that are never released, on ten kept sessions."""
    names = [f'abuse-{attack.number}-{n}' for n in range(10)]
    for name in names:
        client = attack.mqtt(name, clean=False, props=wire.session_expiry(600))
        for number in range(1, 2000, 50):
            if not client or not attack.going:
                break
            data = b''.join(wire.publish(attack.topic, b'x' * 1000, 2, number + n) for n in range(50))
            if not attack.exchange(client, data, 50, 1000):
                break
    attack.forget_sessions(*names)


@case(few=True)
def packets_held_back(attack):
    """PUBLISH packets of 1 MB whose last byte does not come, on 300 connections."""
    data = wire.publish(attack.topic, b'x' * 1_000_000, 1)[:-1]
    for connection in range(300 if attack.clients == 1 else 30):
        if not attack.going:
            return
        client = attack.mqtt(f'abuse-{attack.number}-{connection}', timeout=1)
        if client:
            attack.throw(client, data, len(data))


@case()
def connects_held_back(attack):
    """CONNECT packets of 60 kB whose last byte does not come, by strangers over TLS."""
    data = wire.connect('x' * 60_000)[:-1]
    for connection in range(500 if attack.clients == 1 else 50):
        if not attack.going:
            return
        client = attack.connection(tls=attack.gateway.context(attack.gateway.offender))
        if client:
            attack.throw(client, data, len(data))


@case(few=True)
def inflight(attack):
    """QoS 1 messages of 900 kB to kept sessions, a hundred at once."""
    name = f'abuse-{attack.number}-kept'
    client = attack.mqtt(name, clean=False, props=wire.session_expiry(600))
    if client:
        attack.exchange(client, wire.subscribe([f'{attack.topic}/#'], options=1), 1, quiet=True)
        attack.leave(client)
    attack.forget_sessions(name)
    publisher = attack.mqtt()
    data = wire.publish(attack.topic, b'x' * 900_000, 1)
    for _ in range(3):
        if not publisher or not attack.going or not attack.exchange(publisher, data * 30, 30, 900_000):
            return


@case()
def not_reading(attack):
    """Subscribers that do not read, and messages of 500 kB to them."""
    readers = [attack.mqtt(f'abuse-{attack.number}-{n}', receive_buffer=4096) for n in range(20)]
    for reader in readers:
        if reader:
            attack.exchange(reader, wire.subscribe([f'{attack.topic}/n'], options=attack.number % 3), 1, quiet=True)
    publisher = attack.mqtt()
    for number in range(200):
        if not publisher or not attack.going or not attack.exchange(
                publisher, wire.publish(f'{attack.topic}/n', b'x' * 500_000, 1), 1, 500_000):
            return


@case()
def answers_not_read(attack):
    """PINGREQ and SUBSCRIBE whose answers nobody reads."""
    for connection in range(20):
        client = attack.mqtt(f'abuse-{attack.number}-{connection}', receive_buffer=4096, timeout=1)
        if not client or not attack.going:
            return
        data = (b'\xc0\0' * 20_000 + wire.subscribe([attack.topic] * 900) * 20
                + wire.publish(f'{attack.topic}/r', b'', 1) * 500)
        for _ in range(10):
            if not attack.throw(client, data, len(data)):
                break


@case(few=True, spans=2)
def sessions(attack):
    """Kept sessions with client ids of 60,000 bytes, whose clients are gone."""
    names = []
    for number in range(2000):
        if not attack.going:
            break
        name = f'abuse-{attack.number}-{number}-'.ljust(60_000, 'x')
        client = attack.mqtt(name, clean=False, props=wire.session_expiry(600))
        if not client:
            break
        names.append(name)
        attack.accepted(60_000)
        attack.leave(client)
    attack.forget_sessions(*names)


@case()
def sessions_with_filters(attack):
    """Kept sessions with 1,000 filters each, whose clients are gone."""
    names = []
    for number in range(500):
        if not attack.going:
            break
        name = f'abuse-{attack.number}-{number}'
        client = attack.mqtt(name, clean=False, props=wire.session_expiry(600))
        if not client:
            break
        names.append(name)
        many = [f'{attack.topic}/{number}/{n}' for n in range(1000)]
        attack.exchange(client, wire.subscribe(many), 1, len(many[0]))
        attack.leave(client)
    attack.forget_sessions(*names)


@case()
def bad_packets(attack):
    """Packets that MQTT forbids, one a connection."""
    client_packets = [b'\x00\x00', b'\xf0\xff\xff\xff\x7f', b'\x30\xff\xff\xff\xff', b'\x62\x02\x00\x00',
                      wire.publish('a/+', b'', 1), wire.publish('', b'', 1), wire.subscribe([]),
                      wire.subscribe(['a/#/b']), wire.packet(0x36, b''), b'\x20\x02\x00\x00', wire.connect('again')]
    number = 0
    while attack.going and number < 200:
        client = attack.mqtt(timeout=1)
        if not client:
            return
        data = client_packets[number % len(client_packets)]
        attack.exchange(client, data, 1, len(data))
        attack.leave(client)
        number += 1
