"""Abuses a gateway in every way that a file of cases knows, and tells what it did about it.

Usage: abuse DISTRIBUTION [--heap MB,…] [--clients N,…] [--short] [--list] [CASE …]
"""
import argparse
import glob
import importlib
import json
import os
import resource
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
from case import CASES, Attack, Tally  # noqa: E402
from stand import Gateway  # noqa: E402

QUIET_LIMIT_SECONDS = 2
ENTRY_LIMIT_SECONDS = 5
HEAP_MARGIN_KILOBYTES = 6 * 1024
SHARE_MARGIN_BYTES = 256 * 1024
# Caches stay filled on purpose, within their shares.
CACHES = ('broker.topics', 'mqtt.rights')
# Not an answer to a request that is too much: something went wrong.
FAULTS = ('500', 'CONNACK 0x80', 'PUBACK 0x80', 'SUBACK 0x80', 'DISCONNECT 0x80', 'PUBACK 0x83', 'SUBACK 0x83',
          'DISCONNECT 0x83', 'CONNACK 0x83', 'not answered')


class Bystanders:
    """The process of those who do nothing wrong."""

    def __init__(self, gateway):
        told = {'mqtts': gateway.ports['MQTTS'], 'https': gateway.ports['HTTPS'], 'ca': gateway.ca,
                'certificate': gateway.quiet, 'keys': [gateway.keys.key_id, gateway.keys.secret]}
        self.process = subprocess.Popen([sys.executable, os.path.join(HERE, 'bystanders.py'), json.dumps(told)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def seen(self):
        self.process.stdin.write('\n')
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def stop(self):
        self.process.kill()
        self.process.wait()


class Row:
    """A case's result."""

    def __init__(self, case, clients, heap):
        self.case, self.clients, self.heap = case, clients, heap
        self.failures = []
        self.before = self.after = 0

    def judge(self, tally, told, shares_back, patience):
        longest = told['longest']
        self.tally = tally
        self.quiet = longest.get('puback', 0)
        self.back = max(longest.get('back', 0), longest.get('connect', 0))
        self.administrator = longest.get('administrator', 0)
        if self.quiet > patience * QUIET_LIMIT_SECONDS:
            self.failures.append(f'the quiet device waited {self.quiet:.1f} s')
        for name, value in (('a device that came back', self.back), ('the administrator', self.administrator)):
            if value > patience * ENTRY_LIMIT_SECONDS:
                self.failures.append(f'{name} waited {value:.1f} s')
        if told['counts'].get('puback', 0) == 0 or told['counts'].get('administrator', 0) == 0:
            self.failures.append('the quiet device or the administrator was not served at all')
        self.failures += told['troubles']
        self.failures += [f'{count} x {form}' for form, count in tally.refusals.items() if form in FAULTS]
        if not self.case.closed and 'closed' in tally.refusals:
            self.failures.append(f'{tally.refusals["closed"]} x closed without a reason')
        self.failures += tally.errors
        self.failures += shares_back
        if not self.heap_is_back():
            self.failures.append(f'heap {self.before // 1024} MB before, {self.after // 1024} MB after')

    def heap_is_back(self):
        return 0 <= self.after <= self.before + HEAP_MARGIN_KILOBYTES

    def text(self):
        tally = self.tally
        accepted = f'{tally.accepted:,} x {tally.largest:,} B'
        refusals = ', '.join(f'{form} ({count:,})' for form, count in tally.refusals.most_common(3)) or 'none'
        line = (f'{self.case.protocol + " " + self.case.name:38}{self.clients:8}{self.heap:6} {accepted:26}{refusals:44}'
                f'{self.quiet * 1000:8.0f}{self.back * 1000:8.0f}{self.administrator * 1000:8.0f}'
                f'{self.before / 1024:7.1f}{self.after / 1024:7.1f}  {"FAIL" if self.failures else "pass"}')
        return '\n'.join([line, *(f'    {failure}' for failure in self.failures[:6])])


HEAD = (f'{"case":38}{"clients":>8}{"heap":>6} {"largest accepted":26}{"refusals":44}'
        f'{"quiet":>8}{"back":>8}{"admin":>8}{"before":>7}{"after":>7}\n'
        f'{"":38}{"":>8}{"MB":>6} {"":26}{"":44}{"ms":>8}{"ms":>8}{"ms":>8}{"MB":>7}{"MB":>7}')


class Run:
    """A gateway with its bystanders, started again when a case has ended it."""

    def __init__(self, told, heap):
        self.told, self.heap = told, heap
        self.gateway = self.bystanders = None

    def start(self):
        if self.gateway is None:
            self.gateway = Gateway(self.told.distribution, self.heap)
            self.gateway.start()
            self.bystanders = Bystanders(self.gateway)
            time.sleep(3)

    def stop(self):
        if self.bystanders:
            self.bystanders.stop()
        if self.gateway:
            self.gateway.stop()
        self.gateway = self.bystanders = None

    def attack(self, case, clients, tally):
        """Runs the case by so many clients at once, and closes all connections."""
        meeting = threading.Barrier(clients)
        attacks = [Attack(self.gateway, n, clients, case.spans * self.told.seconds, tally, meeting) for n in range(clients)]

        def run(attack):
            try:
                case.function(attack)
            except Exception as e:  # a fault of the case itself must not pass for a success
                tally.errors.append(f'{type(e).__name__}: {e}'[:200])
                if os.environ.get('ABUSE_TRACE'):
                    import traceback
                    traceback.print_exc()
        threads = [threading.Thread(target=run, args=(attack,), daemon=True) for attack in attacks]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(case.spans * self.told.seconds + 60)
        time.sleep(1)  # everything is still held
        for attack in attacks:
            attack.finish()
        return attacks

    def shares_over(self, before, shares):
        return [f'share {name}: {before.get(name, 0):,} bytes before, {used:,} after' for name, used in shares.items()
                if not name.startswith('refused') and name not in CACHES
                and used > before.get(name, 0) + SHARE_MARGIN_BYTES]

    def case(self, case, clients):
        self.start()
        row = Row(case, clients, self.heap)
        tally = Tally()
        complaints = len(self.gateway.complaints())
        row.before = self.gateway.heap_kilobytes()
        before = self.bystanders.seen()['shares']
        attacks = self.attack(case, clients, tally)
        told = self.bystanders.seen()
        try:
            for attack in attacks if self.gateway.is_alive() else ():
                attack.clean()
        except Exception as e:
            tally.errors.append(f'cleaning: {type(e).__name__}: {e}'[:200])
        over = self.settle(row, before, told)
        row.judge(tally, told, over, self.told.patience)
        row.failures += self.gateway.complaints()[complaints:][:2]
        if not self.gateway.is_alive():
            row.failures.insert(0, 'THE GATEWAY DIED')
        if over or not row.heap_is_back() or not self.gateway.is_alive():
            self.stop()  # the next case begins with a gateway that nothing ails
        return row

    def settle(self, row, before, told):
        """Waits until heap and shares are back, which may take as long as a request may take.

        What piled up is worked off in these moments, so the bystanders still count.
        """
        limit = time.monotonic() + 40
        while True:
            seen = self.bystanders.seen()
            for kind, longest in seen['longest'].items():
                told['longest'][kind] = max(longest, told['longest'].get(kind, 0))
            told['troubles'] += seen['troubles']
            over = self.shares_over(before, seen['shares'])
            alive = self.gateway.is_alive()
            if not over or not alive or time.monotonic() > limit:
                row.after = self.gateway.heap_kilobytes()
                if (not over and row.heap_is_back()) or not alive or time.monotonic() > limit:
                    return over
            time.sleep(1)


def main():
    parser = argparse.ArgumentParser(prog='abuse')
    parser.add_argument('distribution')
    parser.add_argument('cases', nargs='*')
    parser.add_argument('--heap', default=os.environ.get('BENCH_HEAPS', '256,128,96'))
    parser.add_argument('--clients', default=os.environ.get('BENCH_CLIENTS', '1,20'))
    parser.add_argument('--seconds', type=float, default=float(os.environ.get('BENCH_SECONDS', '10')))
    parser.add_argument('--patience', type=float, default=1, help='factor on the limits of time, for a busy machine')
    parser.add_argument('--short', action='store_true', help='only the cases of the short run')
    parser.add_argument('--list', action='store_true')
    told = parser.parse_intermixed_args()
    sys.path.insert(0, HERE)
    for path in sorted(glob.glob(os.path.join(HERE, '*_cases.py'))):
        importlib.import_module(os.path.basename(path)[:-3])
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    names = {case.name for case in CASES} | {case.protocol for case in CASES}
    if unknown := [name for name in told.cases if name not in names]:
        sys.exit(f'no such case: {", ".join(unknown)}; --list tells them')
    chosen = [case for case in CASES if (case.name in told.cases or case.protocol in told.cases
                                         or not told.cases) and (case.few or not told.short)]
    if told.list:
        for case in chosen:
            print(f'{case.protocol:10}{case.name:34}{case.description}')
        return
    failed = []
    print(HEAD, flush=True)
    if told.short:
        for case in chosen:
            case.spans = 1
    for heap in told.heap.split(','):
        run = Run(told, int(heap))
        try:
            for case in chosen:
                for clients in told.clients.split(','):
                    row = run.case(case, int(clients))
                    print(row.text(), flush=True)
                    if row.failures:
                        failed.append(f'{case.name} by {clients} at {heap} MB')
        finally:
            run.stop()
    print(f'\n{len(failed)} failed' + ''.join(f'\n  {name}' for name in failed))
    sys.exit(1 if failed else 0)


main()
