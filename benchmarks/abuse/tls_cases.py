"""TLS handshakes that stall, and connections by the thousand."""
import socket
import ssl

from case import case

# A ClientHello of TLS 1.2 that any server goes on reading.
HELLO = bytes.fromhex('16030100') + b'\xf4' + bytes.fromhex('010000f00303') + b'x' * 32 + b'\0\0\2\x13\1\1\0' + b'\0' * 150


def plain(attack, port, timeout=1):
    """A TCP connection that is not spoken on yet, or None."""
    connection = socket.socket()
    connection.settimeout(timeout)
    try:
        connection.bind((attack.source, 0))
        connection.connect(('127.0.0.1', port))
    except OSError:
        connection.close()
        attack.refused('closed')
        return None
    attack.open.append(connection)
    return connection


@case(few=True)
def handshakes_stalled(attack):
    """Handshakes on the MQTT port that stop in the middle of ClientHello, 3,000."""
    for _ in range(3_000 if attack.clients == 1 else 150):
        if not attack.going:
            return
        connection = plain(attack, attack.gateway.ports['MQTTS'])
        if connection:
            try:
                connection.sendall(HELLO[:40])
                attack.accepted(40)
            except OSError:
                attack.refused('closed')


@case()
def handshakes_unfinished(attack):
    """Handshakes to which the gateway has answered, and whose end does not come."""
    context = attack.gateway.context()
    for number in range(1_000 if attack.clients == 1 else 50):
        if not attack.going:
            return
        connection = plain(attack, attack.gateway.ports['MQTTS' if number % 2 else 'HTTPS'])
        if not connection:
            continue
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        half = context.wrap_bio(incoming, outgoing, server_hostname='localhost')
        try:
            half.do_handshake()
        except ssl.SSLWantReadError:
            pass
        try:
            connection.sendall(outgoing.read())
            attack.accepted()
        except OSError:
            attack.refused('closed')


@case()
def handshakes_garbage(attack):
    """What is no TLS, and records of the largest size, on both ports."""
    for number in range(300 if attack.clients == 1 else 20):
        if not attack.going:
            return
        connection = plain(attack, attack.gateway.ports['MQTTS' if number % 2 else 'HTTPS'])
        if not connection:
            continue
        try:
            connection.sendall((b'GET / HTTP/1.1\r\n\r\n', b'\x16\x03\x01\x40\x00\x01\xff\xff\xff' + b'x' * 16_379,
                                b'\x16\x03\x01\x40\x00\x01\x00\x7f\xff' + b'x' * 16_379 + (b'\x16\x03\x01\x40\x00' + b'x' * 16_384) * 60,
                                b'\x16\x03\x01\x00\x01\x01' * 5000)[number // 2 % 4])
            attack.accepted(16_384)
        except OSError:
            attack.refused('closed')


@case(few=True)
def handshakes_many(attack):
    """Full handshakes by a stranger without a certificate, as fast as they are made."""
    context = attack.gateway.context()
    while attack.going:
        client = attack.connection(tls=context, timeout=5)
        if client is None:
            continue
        attack.accepted()
        attack.leave(client)


@case()
def connections_many(attack):
    """TCP connections to the MQTT port that say nothing, 20,000 of one and 1,000 of each of twenty."""
    for _ in range(20_000 if attack.clients == 1 else 1_000):
        if not attack.going:
            return
        if plain(attack, attack.gateway.ports['MQTTS']):
            attack.accepted()
