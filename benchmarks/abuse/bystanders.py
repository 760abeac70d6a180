"""Those who do nothing wrong, in a process of their own so that the load does not delay them.

A quiet device publishes each 100 ms, a device comes back each 2 s, an administrator makes a call each
second, and somebody watches the memory shares. Each is at an address of its own. Settings come as JSON in
the first argument. For each line on standard input, a line of JSON tells what was seen since the last one.
"""
import json
import ssl
import struct
import sys
import threading
import time

import calls
import wire

TOLD = json.loads(sys.argv[1])
QUIET, BACK, ADMINISTRATOR, WATCHER = '127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5'
PATIENCE = 30


class Seen:
    """What happened since it was last asked for."""

    def __init__(self):
        self.lock = threading.Lock()
        self.shares = {}
        self.running = {}  # what is waited for: its beginning by name
        self.clear()

    def clear(self):
        self.longest, self.counts, self.troubles, self.peaks = {}, {}, [], {}

    def begin(self, name):
        with self.lock:
            self.running[name] = time.monotonic()

    def end(self, name, started, trouble=None):
        with self.lock:
            self.running.pop(name, None)
            took = time.monotonic() - started
            kind = name.split(' ')[0]
            self.longest[kind] = max(self.longest.get(kind, 0), took)
            self.counts[kind] = self.counts.get(kind, 0) + 1
            if trouble:
                self.troubles.append(f'{kind}: {trouble}')

    def trouble(self, text):
        with self.lock:
            self.troubles.append(text)

    def share(self, name, value):
        with self.lock:
            self.shares[name] = value
            self.peaks[name] = max(self.peaks.get(name, 0), value)

    def tell(self):
        with self.lock:
            now = time.monotonic()
            longest = dict(self.longest)
            for name, started in self.running.items():
                kind = name.split(' ')[0]
                longest[kind] = max(longest.get(kind, 0), now - started)
            told = {'longest': longest, 'counts': self.counts, 'troubles': self.troubles[:5],
                    'shares': dict(self.shares), 'peaks': self.peaks}
            self.clear()
            return told


SEEN = Seen()


def context(certificate=None):
    made = ssl.create_default_context(cafile=TOLD['ca'])
    if certificate:
        made.load_cert_chain(certificate)
    return made


def device(source, client_id, timeout):
    client = wire.Client('127.0.0.1', TOLD['mqtts'], source, timeout, context(TOLD['certificate']))
    client.send(wire.connect(client_id))
    answer = client.read()
    if answer is None or answer[1][1] != 0:
        client.close()
        raise wire.Closed(f'CONNACK {answer}')
    return client


def publish_quietly():
    """Sends on time whatever the gateway does; the answers are read by a second thread."""
    while True:
        started = time.monotonic()
        SEEN.begin('connect')
        try:
            client = device(QUIET, 'quiet', PATIENCE)
        except wire.Closed as e:
            SEEN.end('connect', started, str(e))
            time.sleep(0.2)
            continue
        SEEN.end('connect', started)
        sent = {}
        reader = threading.Thread(target=read_answers, args=(client, sent), daemon=True)
        reader.start()
        number, due = 0, time.monotonic()
        try:
            while reader.is_alive():
                number = number % 65_000 + 1
                name = f'puback {number}'
                SEEN.begin(name)
                sent[number] = name, time.monotonic()
                client.send(wire.publish('quiet/alive', b'alive', 1, number))
                due += 0.1
                time.sleep(max(0, due - time.monotonic()))
        except wire.Closed as e:
            SEEN.trouble(f'quiet device: {e}')
        for name, begun in list(sent.values()):
            SEEN.end(name, begun, 'not answered')
        client.close()


def read_answers(client, sent):
    try:
        while True:
            answer = client.read()
            if answer is None:
                continue
            kind, body = answer
            if kind != 4:
                SEEN.trouble(f'quiet device: packet {kind} {body[:20].hex()}')
                continue
            name, begun = sent.pop(struct.unpack('!H', body[:2])[0])
            reason = body[2] if len(body) > 2 else 0
            SEEN.end(name, begun, f'reason {reason:#x}' if reason >= wire.REFUSED else None)
    except wire.Closed as e:
        SEEN.trouble(f'quiet device: {e}')


def come_back():
    number = 0
    while True:
        number += 1
        started = time.monotonic()
        SEEN.begin('back')
        trouble = None
        while True:  # as a device does: again until it is in
            try:
                device(BACK, f'back-{number % 2}', PATIENCE).close()
                break
            except wire.Closed as e:
                trouble = str(e)
                time.sleep(0.2)
                if time.monotonic() - started > PATIENCE:
                    break
        SEEN.end('back', started, trouble if time.monotonic() - started > PATIENCE else None)
        time.sleep(2)


def administrate():
    keys = calls.Keys(*TOLD['keys'])
    api = calls.Api(TOLD['https'], context(), keys, ADMINISTRATOR, PATIENCE)
    number = 0
    work = (('GET', '/endpoint'), ('POST', '/things/kept-by-administrator'), ('GET', '/policies/quiet'),
            ('DELETE', '/things/kept-by-administrator'))
    while True:
        method, path = work[number % len(work)]
        number += 1
        started = time.monotonic()
        SEEN.begin('administrator')
        trouble = None
        while True:  # as an SDK does: again after a refusal that may pass
            try:
                status, body = api.call(method, path, '{}' if method == 'POST' else None)
                trouble = None if status < 300 or status == 409 else f'{method} {path}: {status} {body[:120]!r}'
                if status < 500 and status != 429:
                    break
            except calls.Refused as e:
                trouble = f'{method} {path}: {e}'
            if time.monotonic() - started > PATIENCE:
                break
            time.sleep(0.1)
        SEEN.end('administrator', started, trouble)
        time.sleep(1)


def watch():
    """memory_share_bytes by share, as the gateway publishes them each second."""
    while True:
        try:
            client = device(WATCHER, 'watcher', PATIENCE)
            client.send(wire.subscribe(['$SYS/gatehouse/memory_share_bytes/#', '$SYS/gatehouse/memory_share_refusals_total/#']))
            while True:
                answer = client.read()
                if answer and answer[0] == 3:
                    body = answer[1]
                    end = 2 + struct.unpack('!H', body[:2])[0]
                    levels = body[2:end].decode().split('/')
                    value = int(float(body[end + 1 + body[end]:]))
                    name = levels[3].split('=', 1)[1]
                    SEEN.share(name if levels[2] == 'memory_share_bytes' else f'refused {name}', value)
        except wire.Closed:
            time.sleep(0.5)


for work in (publish_quietly, come_back, administrate, watch):
    threading.Thread(target=work, daemon=True).start()
for _ in sys.stdin:
    print(json.dumps(SEEN.tell()), flush=True)
