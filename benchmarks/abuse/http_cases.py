"""HTTPS: connections, requests, headers, paths, queries."""
import collections
import socket

import calls
from case import case


@case(few=True)
def idle_connections(attack):
    """2,300 TCP connections to the HTTPS port that say nothing, and new ones for those that are closed."""
    most = 2_300 if attack.clients == 1 else 120
    idle = collections.deque()
    while attack.going:
        connection = socket.socket()
        connection.settimeout(2)
        try:
            connection.bind((attack.source, 0))
            connection.connect(('127.0.0.1', attack.gateway.ports['HTTPS']))
        except OSError:
            connection.close()
            attack.refused('closed')
            continue
        attack.accepted()
        attack.open.append(connection)
        idle.append(connection)
        if len(idle) > most:
            attack.leave(idle.popleft())


@case(few=True)
def tls_connections(attack):
    """Connections with a finished handshake that ask for nothing."""
    for _ in range(2_300 if attack.clients == 1 else 120):
        if not attack.going or attack.https(timeout=2) is None:
            return
        attack.accepted()


def raw(attack, data, size, answers=1):
    """Sends bytes as a request; whether each was answered."""
    connection = attack.https(timeout=5)
    if connection is None:
        return False
    try:
        connection.send(data.replace(b'HOST', connection.host.encode(), 1))
    except calls.Refused:
        pass
    for _ in range(answers):
        if attack.answer(connection, size) is None:
            return False
    return True


@case(few=True)
def heads(attack):
    """Requests with long and many headers, long paths, many query keys."""
    start = b'GET /things HTTP/1.1\r\nHost: HOST\r\n'
    for data in (start + b'a: ' + b'x' * 1_000_000 + b'\r\n\r\n', start + b''.join(b'h%d: x\r\n' % n for n in range(100_000)) + b'\r\n',
                 b'GET /things/' + b'a' * 1_000_000 + b' HTTP/1.1\r\nHost: HOST\r\n\r\n',
                 b'GET /things?' + b'&'.join(b'k%d=v' % n for n in range(50_000)) + b' HTTP/1.1\r\nHost: HOST\r\n\r\n',
                 b'GET /' + b'a/' * 3000 + b' HTTP/1.1\r\nHost: HOST\r\n\r\n', b'GET /' + b'%41' * 2000 + b' HTTP/1.1\r\nHost: HOST\r\n\r\n',
                 start + b'x-amz-date: ' + b'1' * 6000 + b'\r\nAuthorization: AWS4-HMAC-SHA256 Credential=' + b'a/' * 500 + b'\r\n\r\n',
                 start + b'a:' + b' ' * 7000 + b'x\r\n\r\n', b'X' * 7000 + b' / HTTP/1.1\r\n\r\n', b'\r\n' * 100_000):
        if not attack.going:
            return
        raw(attack, data, len(data))


@case()
def heads_held_back(attack):
    """8 kB of headers whose end does not come, on as many connections as are let in."""
    for _ in range(1000 if attack.clients == 1 else 60):
        if not attack.going:
            return
        connection = attack.https(timeout=2)
        if connection is None:
            return
        try:
            connection.send(b'GET /things HTTP/1.1\r\nHost: localhost\r\na: ' + b'x' * 7000)
            attack.accepted(7000)
        except calls.Refused:
            attack.refused('closed', 7000)


@case()
def bodies_dribbled(attack):
    """Chunked bodies of one byte a chunk, with long extensions and trailers."""
    head = b'POST / HTTP/1.1\r\nHost: HOST\r\nX-Amz-Target: AWSCognitoIdentityService.GetId\r\nTransfer-Encoding: chunked\r\n\r\n'
    for data in (head + b'1\r\n{\r\n' * 150_000 + b'0\r\n\r\n', head + b'1;' + b'x' * 500_000 + b'\r\n{\r\n0\r\n\r\n',
                 head + b'1\r\n{\r\n0\r\n' + b''.join(b't%d: x\r\n' % n for n in range(50_000)) + b'\r\n',
                 head + b'ffffffff\r\n' + b'x' * 1_200_000, head + b'7fffffffffffffff\r\nx'):
        if not attack.going:
            return
        raw(attack, data, len(data))


@case(few=True)
def pipelined(attack):
    """10,000 requests on one connection whose answers are not read."""
    for _ in range(5):
        connection = attack.https(timeout=2)
        if connection is None or not attack.going:
            return
        one = connection.request('GET', '/things')
        try:
            for _ in range(100):
                if not connection.send(one * 100):
                    attack.refused('not read', len(one))
                    break
                attack.accepted(len(one), 100)
        except calls.Refused:
            attack.refused('closed', len(one))


@case()
def pipelined_lists(attack):
    """Signed requests for long lists on one connection, whose answers are not read."""
    for _ in range(5):
        connection = attack.https(timeout=2)
        if connection is None or not attack.going:
            return
        one = connection.request('GET', '/policies', keys=attack.gateway.keys)
        try:
            for _ in range(40):
                if not connection.send(one * 50):
                    attack.refused('not read', len(one))
                    break
                attack.accepted(len(one), 50)
        except calls.Refused:
            attack.refused('closed', len(one))


@case()
def bodies_of_strangers(attack):
    """Bodies of 1 MB of strangers to operations that want a signature, held back."""
    for _ in range(200 if attack.clients == 1 else 15):
        if not attack.going:
            return
        connection = attack.https(timeout=2)
        if connection is None:
            return
        try:
            if connection.send(connection.request('POST', '/things/x', b'x' * 1_000_000)[:-1]):
                attack.accepted(1_000_000)
            else:
                attack.refused('not read', 1_000_000)
        except calls.Refused:
            attack.answer(connection, 1_000_000)


@case()
def strangers_calls(attack):
    """Unsigned and badly signed calls as fast as they are answered."""
    while attack.going:
        connection = attack.https(timeout=5)
        if connection is None:
            return
        for number in range(50):
            try:
                keys = calls.Keys(attack.gateway.keys.key_id if number % 2 else 'AKIAIOSFODNN7EXAMPLE', 'guessed')
                connection.send(connection.request('GET', '/things', keys=keys if number % 3 else None))
            except calls.Refused:
                attack.refused('closed')
                break
            if attack.answer(connection) is None:
                break
        attack.leave(connection)
