"""Clients over mutual TLS that connect and subscribe: MODE PORT CA CERTIFICATE KEY CONNECTIONS CYCLES.

Speaks as the load generator does: marks, and a line with the result. Each connection is one of MQTT 3.1.1
with a subscription, through OpenSSL, which costs less than the JVM's engine beside the broker.

connect  all connect, 16 handshakes at a time, and go; so many cycles of it
idle     all connect, go and come again, as `mode=idle` of the load generator
return   all connect at once, as after a restart; whoever is turned away tries again a second later
"""
import errno
import resource
import selectors
import socket
import ssl
import struct
import sys
import time

mode, port, ca, certificate, key, count, cycles = sys.argv[1:]
port, count, cycles = int(port), int(count), int(cycles)
TOGETHER = {'connect': 16, 'idle': 64, 'return': count}[mode]
LIMIT_SECONDS = 120
AGAIN_SECONDS = 1
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
context = ssl.create_default_context(cafile=ca)
context.load_cert_chain(certificate, key)
selector = selectors.DefaultSelector()
NOT_YET = (ssl.SSLWantReadError, ssl.SSLWantWriteError, BlockingIOError)


def text(value):
    return struct.pack('!H', len(value)) + value.encode()


class Client:
    """One connection; `failures` counts how often it was turned away before it was served."""

    def __init__(self, number):
        body = text('MQTT') + bytes([4, 2]) + struct.pack('!H', 600) + text(f'tls-{number}')
        self.connect_packet = bytes([0x10, len(body)]) + body
        body = struct.pack('!H', 1) + text(f'bench/tls/{number}') + b'\0'
        self.subscribe_packet = bytes([0x82, len(body)]) + body
        self.failures = 0
        self.connection = None

    def open(self):
        self.connection = socket.socket()
        self.connection.setblocking(False)
        error = self.connection.connect_ex(('127.0.0.1', port))
        if error not in (0, errno.EINPROGRESS):
            self.connection.close()
            raise OSError(error, 'connect')
        self.step = self.begin
        self.answer = b''
        selector.register(self.connection, selectors.EVENT_WRITE, self)

    def ready(self):
        """True once it is served."""
        try:
            return self.step()
        except ssl.SSLWantWriteError:
            selector.modify(self.connection, selectors.EVENT_WRITE, self)
        except NOT_YET:
            selector.modify(self.connection, selectors.EVENT_READ, self)
        return False

    def begin(self):
        selector.unregister(self.connection)
        self.connection = context.wrap_socket(self.connection, server_hostname='localhost',
                                              do_handshake_on_connect=False)
        selector.register(self.connection, selectors.EVENT_WRITE, self)
        self.step = self.shake
        return self.shake()

    def shake(self):
        self.connection.do_handshake()
        self.connection.send(self.connect_packet)
        self.step = self.connack
        return self.connack()

    def exactly(self, size):
        while len(self.answer) < size:
            more = self.connection.recv(size - len(self.answer))
            if not more:
                raise ConnectionError('closed by the broker')
            self.answer += more
        answer, self.answer = self.answer, b''
        return answer

    def connack(self):
        answer = self.exactly(4)
        if answer[3] != 0:
            raise ConnectionError(f'CONNECT refused, return code {answer[3]}')
        self.connection.send(self.subscribe_packet)
        self.step = self.suback
        return self.suback()

    def suback(self):
        self.exactly(5)
        selector.unregister(self.connection)
        return True

    def close(self):
        if self.connection is not None:
            try:
                selector.unregister(self.connection)
            except KeyError:
                pass  # it was served
            self.connection.close()
            self.connection = None


def connect_all(clients):
    """Returns how many a second."""
    start = time.monotonic()
    todo = list(reversed(clients))
    again = []  # when, who
    opening = served = 0
    while served < len(clients):
        now = time.monotonic()
        if now - start > LIMIT_SECONDS:
            print(f'refused {served} of {len(clients)} connected in {LIMIT_SECONDS} s', flush=True)
            sys.exit(0)
        while again and again[0][0] <= now:
            todo.append(again.pop(0)[1])
        while todo and opening < TOGETHER:
            todo.pop().open()
            opening += 1
        for ready, _ in selector.select(0.1):
            client = ready.data
            try:
                if client.ready():
                    served += 1
                    opening -= 1
            except OSError:
                client.close()
                client.failures += 1
                opening -= 1
                if mode != 'return':
                    raise
                again.append((now + AGAIN_SECONDS, client))
    return len(clients) / (time.monotonic() - start)


def wait_at(mark):
    print('mark', mark, flush=True)
    sys.stdin.readline()


def measured(clients):
    print('mark begin', flush=True)
    rate = connect_all(clients)
    print('mark end', flush=True)
    return rate


def idle(clients):
    wait_at('empty')
    first = connect_all(clients)
    time.sleep(2)  # what connecting leaves to do is not the connections'
    wait_at('held')
    for client in clients:
        client.close()
    time.sleep(2)
    wait_at('closed')
    again = measured(clients)
    time.sleep(2)
    wait_at('again')
    return f'first={first} persecond={again}'


everybody = [Client(number) for number in range(count)]
if mode == 'idle':
    figures = idle(everybody)
else:
    rates = []
    for _ in range(cycles):
        rates.append(measured(everybody))
        for one in everybody:
            one.close()
    failures = sum(one.failures for one in everybody)
    figures = f'persecond={sum(rates) / cycles} back={count / rates[0]} turnedaway={failures}'
print(f'result {figures} received={count * cycles} lost=0 duplicates=0 reordered=0 foreign=0 disconnects=0', flush=True)
