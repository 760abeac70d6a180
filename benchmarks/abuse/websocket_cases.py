"""MQTT over WebSocket: frames."""
import struct

import calls
import wire
from case import case


def frame(data, code=2, final=True, size=None, mask=b'\0\0\0\0'):
    """A frame of a client; the mask of zeros leaves the data as they are."""
    size = len(data) if size is None else size
    first = bytes([(128 if final else 0) | code])
    if size < 126:
        length = bytes([128 | size])
    elif size < 65_536:
        length = bytes([254]) + struct.pack('!H', size)
    else:
        length = bytes([255]) + struct.pack('!Q', size)
    return first + length + mask + data


def upgrade(attack, timeout=4):
    """A connection that speaks WebSocket, by the offender's certificate; None if refused."""
    connection = attack.https(attack.gateway.offender, timeout=timeout)
    if connection is None:
        return None
    try:
        connection.send(connection.request('GET', '/mqtt', headers={
            'Upgrade': 'websocket', 'Connection': 'Upgrade', 'Sec-WebSocket-Version': '13',
            'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Protocol': 'mqtt'}))
        status, _ = connection.response()
    except calls.Refused:
        attack.refused('closed')
        return None
    if status != 101:
        attack.refused(str(status))
        return None
    return connection


def throw(attack, connection, data, size):
    try:
        if connection.send(data):
            attack.accepted(size)
            return True
        attack.refused('not read', size)
    except calls.Refused:
        attack.refused('closed', size)
    return False


@case(few=True)
def frames(attack):
    """Frames that are huge, empty, many, or never end, with MQTT and without."""
    publish = wire.publish(attack.topic, b'x' * 1_000_000, 1)
    for data in (frame(b'x', size=(1 << 63) - 1), frame(b'x' * 1_000_000), frame(publish)[:-1], frame(b'', final=False) * 1 + frame(b'', 0, False) * 100_000,
                 frame(b'x' * 125, 9) * 10_000, frame(b'', 9) * 50_000, frame(b'x' * 60_000, final=False) + frame(b'x' * 60_000, 0, False) * 200,
                 b''.join(frame(publish[n:n + 1]) for n in range(100_000)), frame(b'x' * 65_000, 1), frame(b'\3\xe8' + b'x' * 200, 8)):
        for connected in (True, False):
            if not attack.going:
                return
            connection = upgrade(attack)
            if connection is None:
                continue
            if connected and not throw(attack, connection, frame(wire.connect(f'abuse-{attack.number}')), 0):
                continue
            throw(attack, connection, data, len(data))


@case()
def frames_held_back(attack):
    """WebSocket connections with 1 MB of an unfinished PUBLISH each."""
    publish = wire.publish(attack.topic, b'x' * 1_000_000, 1)
    for number in range(200 if attack.clients == 1 else 15):
        if not attack.going:
            return
        connection = upgrade(attack, timeout=2)
        if connection is None:
            return
        if throw(attack, connection, frame(wire.connect(f'abuse-{attack.number}-{number}')), 0):
            throw(attack, connection, frame(publish[:-1]), len(publish))


@case()
def pings_not_read(attack):
    """Pings whose pongs nobody reads."""
    for number in range(20):
        connection = upgrade(attack, timeout=1)
        if connection is None or not attack.going:
            return
        for _ in range(20):
            if not throw(attack, connection, frame(b'x' * 125, 9) * 5_000, 125):
                break
