"""What a case is, and what a client that abuses the gateway is given."""
import collections
import threading
import time

import calls
import wire

CASES = []


class Case:
    def __init__(self, name, function, few, spans, closed):
        self.name, self.function, self.few, self.spans, self.closed = name, function, few, spans, closed
        self.protocol = function.__module__.removesuffix('_cases')

    @property
    def description(self):
        return self.function.__doc__.strip().splitlines()[0]


def case(few=False, spans=1, closed=True):
    """Makes a function of one Attack a case, named after the function.

    few: also part of the short run. spans: how many times the usual span of time it takes. closed: whether ending the connection without a word is a form of
    refusal that the protocol knows there.
    """
    def add(function):
        CASES.append(Case(function.__name__.replace('_', '-'), function, few, spans, closed))
        return function
    return add


class Tally:
    """What the clients of a case saw together."""

    def __init__(self):
        self.lock = threading.Lock()
        self.accepted, self.largest, self.refusals = 0, 0, collections.Counter()
        self.first_refused = None
        self.errors = []
        self.prepared = None


class Attack:
    """One client's part of a case: `number` of `clients`, until `going` is false."""

    def __init__(self, gateway, number, clients, seconds, tally, meeting):
        self.gateway, self.number, self.clients, self.tally = gateway, number, clients, tally
        self.meeting = meeting
        self.until = time.monotonic() + seconds
        # One that is alone comes from one address; of many each has its own.
        self.source = f'127.0.1.{number + 1}'
        self.topic = f'abuse/{number}'
        self.open = []
        self.chores = []

    @property
    def going(self):
        return time.monotonic() < self.until

    # ---- what is told -----------------------------------------------------------------------

    def accepted(self, size=0, count=1):
        with self.tally.lock:
            self.tally.accepted += count
            self.tally.largest = max(self.tally.largest, size)

    def refused(self, form, size=0, count=1):
        with self.tally.lock:
            self.tally.refusals[form] += count
            if self.tally.first_refused is None:
                self.tally.first_refused = (self.tally.accepted, size)

    def afterwards(self, chore):
        """Runs when all connections are closed: takes away what is meant to last."""
        self.chores.append(chore)

    def meet(self, timeout=8):
        """Waits for the other clients, a few seconds at most."""
        try:
            self.meeting.wait(timeout=timeout)
        except threading.BrokenBarrierError:
            pass

    def prepared(self, make):
        """What the first client makes for all of them; the time that it takes does not count."""
        left = self.until - time.monotonic()
        if self.number == 0:
            self.tally.prepared = make()
        self.meet(60)
        self.until = time.monotonic() + left
        return self.tally.prepared

    # ---- MQTT -------------------------------------------------------------------------------

    def connection(self, tls=False, receive_buffer=None, timeout=4, port=None, source=None):
        """A connection without CONNECT, or None if it is refused."""
        gateway = self.gateway
        try:
            client = wire.Client('127.0.0.1', port or gateway.ports['MQTTS' if tls else 'MQTT'], source or self.source,
                                 timeout, gateway.context(gateway.offender) if tls is True else tls or None, receive_buffer)
        except wire.Closed:
            self.refused('closed')
            return None
        self.open.append(client)
        return client

    def mqtt(self, client_id=None, tls=False, receive_buffer=None, timeout=4, source=None, **settings):
        """A connected client, or None if it is refused."""
        client = self.connection(tls, receive_buffer, timeout, source=source)
        if client is None:
            return None
        client.version = settings.get('version', 5)
        packet = wire.connect(client_id or f'abuse-{self.number}', **settings)
        return client if self.exchange(client, packet, 1, len(packet), quiet=True) else None

    def exchange(self, client, data, answers, size=0, quiet=False):
        """Sends bytes and reads so many answers; False when the connection is no longer usable.

        Each reason code below 0x80 is one accepted thing of that size (quiet: not counted), each other
        one a refusal.
        """
        try:
            if not client.send(data):
                self.refused('not read', size)
                return False
            while answers > 0:
                answer = client.read()
                if answer is None:
                    self.refused('not answered', size)
                    return False
                kind, body = answer
                for (name, reason), count in wire.tally(client, kind, body).items():
                    if reason >= wire.REFUSED:
                        self.refused(f'{name} {reason:#04x}', size, count)
                        if name in ('CONNACK', 'DISCONNECT'):
                            return False
                    elif not quiet:
                        self.accepted(size, count)
                answers -= kind != 3
            return True
        except wire.Closed:
            self.refused('closed', size)
            return False

    def throw(self, client, data, size=0, count=1):
        """Sends bytes that nothing answers; False when the connection is no longer usable."""
        try:
            if client.send(data):
                self.accepted(size, count)
                return True
            self.refused('not read', size)
        except wire.Closed:
            self.refused('closed', size)
        return False

    def leave(self, client):
        client.close()
        self.open.remove(client)

    def forget_sessions(self, *client_ids):
        """Ends kept sessions, when all is over."""
        def forget():
            for client_id in client_ids:
                client = wire.Client('127.0.0.1', self.gateway.ports['MQTT'], self.source, 10)
                client.send(wire.connect(client_id))
                client.read()
                client.close()
        self.afterwards(forget)

    def forget_retained(self, *topics):
        def forget():
            client = wire.Client('127.0.0.1', self.gateway.ports['MQTT'], self.source, 10)
            client.send(wire.connect(f'forget-{self.number}'))
            client.read()
            for topic in topics:
                client.send(wire.publish(topic, b'', 1, 1, retain=True))
                client.read()
            client.close()
        self.afterwards(forget)

    # ---- HTTPS ------------------------------------------------------------------------------

    def https(self, certificate=None, timeout=10, source=None):
        """A connection to the API, or None if it is refused."""
        gateway = self.gateway
        try:
            connection = calls.Connection(gateway.ports['HTTPS'], gateway.context(certificate), source or self.source, timeout)
        except calls.Refused:
            self.refused('closed')
            return None
        self.open.append(connection)
        return connection

    def answer(self, connection, size=0):
        """Reads one answer and counts it; its status, or None when the connection is over."""
        try:
            status, body = connection.response()
        except calls.Refused:
            self.refused('closed', size)
            return None
        if status < 300:
            self.accepted(size)
        else:
            self.refused(f'{status}', size)
        return status

    def call(self, method, path, body=b'', size=None, keys=True, **named):
        """A call on a connection of its own, signed as the administrator unless keys is None."""
        connection = self.https()
        if connection is None:
            return None
        data = body if isinstance(body, bytes) else body.encode()
        size = len(data) if size is None else size
        try:
            sent = connection.send(connection.request(method, path, data, keys=self.gateway.keys if keys else None, **named))
            if not sent:
                self.refused('not read', size)
                return None
            return self.answer(connection, size)
        except calls.Refused:
            # What is refused before its body is read may be answered before the connection ends.
            return self.answer(connection, size)
        finally:
            self.leave(connection)

    def finish(self):
        for connection in self.open:
            connection.close()
        self.open.clear()

    def clean(self):
        for chore in reversed(self.chores):
            chore()
