"""Connections over mutual TLS that do nothing: PORT CA CERTIFICATE KEY CONNECTIONS.

Speaks as the load generator does: marks, and a line with the result. Each connection is one of MQTT 3.1.1
with a subscription; two threads make the handshakes, since the broker's cost is what is asked.
"""
import concurrent.futures
import resource
import socket
import ssl
import struct
import sys
import time

port, ca, certificate, key, count = sys.argv[1:]
count = int(count)
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
context = ssl.create_default_context(cafile=ca)
context.load_cert_chain(certificate, key)


def text(value):
    return struct.pack('!H', len(value)) + value.encode()


def exactly(connection, size):
    data = b''
    while len(data) < size:
        more = connection.recv(size - len(data))
        if not more:
            raise ConnectionError('closed by the broker')
        data += more
    return data


def connect(number):
    plain = socket.create_connection(('localhost', int(port)), 30)
    connection = context.wrap_socket(plain, server_hostname='localhost')
    body = text('MQTT') + bytes([4, 2]) + struct.pack('!H', 600) + text(f'tls-{number}')
    connection.sendall(bytes([0x10, len(body)]) + body)
    answer = exactly(connection, 4)
    if answer[3] != 0:
        raise ConnectionError(f'CONNECT refused, return code {answer[3]}')
    body = struct.pack('!H', 1) + text(f'bench/tls/{number}') + b'\0'
    connection.sendall(bytes([0x82, len(body)]) + body)
    exactly(connection, 5)
    return connection


def wait_at(mark):
    print('mark', mark, flush=True)
    sys.stdin.readline()


def connect_all():
    start = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(2) as threads:
        connections = list(threads.map(connect, range(count)))
    return connections, count / (time.monotonic() - start)


wait_at('empty')
connections, first = connect_all()
time.sleep(2)  # what connecting leaves to do is not the connections'
wait_at('held')
for connection in connections:
    connection.close()
connections.clear()
time.sleep(2)
wait_at('closed')
print('mark begin', flush=True)
connections, again = connect_all()
print('mark end', flush=True)
time.sleep(2)
wait_at('again')
print(f'result first={first} persecond={again} received={count} lost=0 duplicates=0 reordered=0 foreign=0 disconnects=0',
      flush=True)
