"""Gatehouse, mosquitto and HiveMQ CE side by side: messages a second, CPU each, latency, memory."""
import contextlib
import ctypes
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import peers
from scenarios import COLUMNS, SCENARIOS

ROUNDS = int(os.environ.get('BENCH_ROUNDS', '3'))
SECONDS = float(os.environ.get('BENCH_SECONDS', '3'))
PIN = os.environ.get('BENCH_PIN', '')
RUN_LIMIT_SECONDS = 150
REFERENCE = 'mosquitto'
# Once after its start: a JVM compiles for seconds what a scenario alone would not make hot.
WARMING = dict(publishers=50, subscribers=50, qos=1, size=256, seconds=8)


def generator_process(arguments):
    """Its sleeps end when they should: a timer's slack of 50 us would count as the broker's latency."""
    libc = ctypes.CDLL(None)
    pin = ['taskset', '-c', PIN] if PIN else []
    return subprocess.Popen(
        [*pin, os.environ['JAVA'], '-XX:+UseSerialGC', '-Xms128m', '-Xmx384m', '-cp', os.environ['LOAD_CLASSES'],
         'dev.gatehouse.load.Load', *arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, preexec_fn=lambda: libc.prctl(29, 1))


def tls_clients(peer, mode, connections, cycles=1):
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'tls_clients.py')
    tls = peer.tls
    arguments = [mode, tls.port, tls.ca, tls.certificate, tls.key, connections, cycles]
    return subprocess.Popen([sys.executable, script, *map(str, arguments)],
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def generator(peer, load, tls):
    mode = load.get('mode', '')
    if mode.startswith('tls-'):
        return tls_clients(peer, mode[len('tls-'):], load['connections'], load.get('cycles', 1))
    where = {'port': peer.tls.port, 'store': peer.tls.store, 'ca': peer.tls.ca} if tls else {'port': peer.port}
    return generator_process([f'{name}={value}' for name, value in {**where, **load}.items()])


class Run:
    """One scenario against one peer, once: its figures, or `reason` says why there are none."""

    def __init__(self, peer, load, tls=False):
        self.peer = peer
        self.reason = None
        self.at = {}
        self.cpu = {}
        self.memory = {}
        self.result = None
        self.process = generator(peer, load, tls)
        limit = threading.Timer(RUN_LIMIT_SECONDS, self.process.kill)
        limit.start()
        try:
            for line in self.process.stdout:
                self.said(line.split())
            if self.process.wait() != 0:
                self.reason = 'failed: the load generator ended with an error'
        except (OSError, subprocess.CalledProcessError) as e:
            self.reason = f'failed: {e}'
        finally:
            limit.cancel()
            self.process.kill()
            self.process.wait()
        if self.result is None and self.reason is None:
            self.reason = 'failed: no result'

    def said(self, words):
        if words[0] == 'mark':
            self.mark(words[1])
        elif words[0] == 'refused':
            self.reason = ' '.join(words)
        elif words[0] == 'result':
            self.result = {name: float(value) for name, value in (word.split('=') for word in words[1:])}

    def mark(self, name):
        now = peers.cpu_nanos(self.peer.pid)
        if name in ('begin', 'drain'):
            self.at[name] = now
        elif name in ('end', 'drained'):
            self.cpu[name] = self.cpu.get(name, 0) + now - self.at['begin' if name == 'end' else 'drain']
        elif name in ('empty', 'held', 'closed', 'again'):
            if name in ('closed', 'again') and self.peer.jvm:
                peers.settle(self.peer.pid)
                self.memory[name + ' heap'] = peers.live_heap_bytes(self.peer.pid) / 1024
            self.memory[name] = peers.rss_kilobytes(self.peer.pid)
            self.process.stdin.write('\n')
            self.process.stdin.flush()

    def figures(self):
        result = self.result
        each = max(1, result['received'])
        figures = {'rate': result['persecond'], 'cpu': self.cpu['end'] / 1e3 / each}
        for name, key in (('p50', 'p50'), ('p99', 'p99'), ('drain', 'drained'), ('puback', 'ack99'),
                          ('generator', 'generator'), ('late', 'late'), ('connects', 'persecond'),
                          ('back', 'back'), ('turned away', 'turnedaway')):
            if key in result:
                figures[name] = result[key]
        if 'held' in self.memory:
            figures['first'] = result['first']
            figures['all rss'] = (self.memory['held'] - self.memory['empty']) / each
            figures['rss'] = figures['all rss']
            if self.peer.jvm:
                figures['rss'] = (self.memory['again'] - self.memory['closed']) / each
                figures['heap'] = (self.memory['again heap'] - self.memory['closed heap']) / each
        return figures

    def faults(self):
        names = ('lost', 'duplicates', 'reordered', 'foreign', 'disconnects')
        return {name: int(self.result[name]) for name in names}


def measure(scenario, brokers):
    """Interleaved rounds. What each peer did: its runs, and why it has none."""
    brokers = [peer for peer in brokers
               if peer.slow_disk == scenario.slow_disk and (peer.speaks_tls or not scenario.tls)]
    runs = {peer.name: [] for peer in brokers}
    without = {}
    load = {'seconds': SECONDS, **scenario.load}
    if not scenario.fresh:
        for peer in brokers:
            if peer.warms:
                Run(peer, {**load, 'seconds': SECONDS / 2, **scenario.warming}, scenario.tls)
    for _ in range(ROUNDS * scenario.times_rounds):
        for peer in brokers:
            if peer.name in without:
                continue
            if scenario.fresh:
                peer.stop()
                peer.start()
                time.sleep(scenario.started_seconds)
            run = Run(peer, load, scenario.tls)
            if run.reason:
                without[peer.name] = run.reason
            else:
                runs[peer.name].append(run)
    return runs, without


def medians(runs):
    figures = [run.figures() for run in runs]
    return {name: statistics.median(each[name] for each in figures) for name in figures[0]}


def number(value, digits):
    return '-' if value is None else f'{value:,.{digits}f}'


def print_table(scenario, runs, without):
    print(f'\n{scenario.name}: {scenario.title}')
    print(f'{"":17}' + ''.join(f'{COLUMNS[name][0]:>15}' for name in scenario.columns) +
          '   lost/duplicated/re-ordered')
    reference = medians(runs[REFERENCE]) if runs.get(REFERENCE) else {}
    for name, mine in runs.items():
        if name in without:
            print(f'{name:17} {without[name]}')
            continue
        figures = medians(mine)
        for figure in ('rate', 'cpu'):
            if reference:
                figures[figure + ' ratio'] = figures[figure] / reference[figure]
        faults = [sum(run.faults()[fault] for run in mine) for fault in mine[0].faults()]
        mark = '' if not any(faults) else '  LOSS' if faults[0] else '  FAULT'
        if any(faults[3:]):
            mark += f' ({faults[3]} not understood, {faults[4]} disconnects)'
        print(f'{name:17}' + ''.join(f'{number(figures.get(c), COLUMNS[c][1]):>15}' for c in scenario.columns) +
              f'   {faults[0]}/{faults[1]}/{faults[2]}{mark}')
    bounds = (f'{sign} {number(value, 0 if value >= 1000 else 2)}' if (sign, value) != (None, None) else ''
              for sign, value in (scenario.bounds.get(c, (None, None)) for c in scenario.columns))
    print(f'{"bound, ours":17}' + ''.join(f'{bound:>15}' for bound in bounds), flush=True)


def chosen(names):
    known = {scenario.name: scenario for scenario in SCENARIOS}
    unknown = [name for name in names if name not in known]
    if unknown:
        sys.exit(f'no scenario {", ".join(unknown)}; there are: {", ".join(known)}')
    return [known[name] for name in names] or SCENARIOS


def main():
    root = sys.argv[1]
    scenarios = chosen(sys.argv[2:])
    peers.stop_on_signals()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    folder = tempfile.mkdtemp(prefix='gatehouse-bench-', dir=os.environ.get('BENCH_DIR'))
    hivemq = os.environ['HIVEMQ_CLASSES']
    begun = time.monotonic()
    with contextlib.ExitStack() as undo:
        undo.callback(shutil.rmtree, folder, ignore_errors=True)
        brokers = [peers.Mosquitto(f'{folder}/mosquitto'), peers.Gatehouse(f'{folder}/gatehouse', root),
                   peers.HiveMq(f'{folder}/hivemq-memory', hivemq, 'in-memory'),
                   peers.HiveMq(f'{folder}/hivemq-file', hivemq, 'file'),
                   peers.SlowDisk(f'{folder}/slow', root)]
        for peer in brokers:
            undo.callback(peer.stop)
            if any(not scenario.fresh and scenario.slow_disk == peer.slow_disk and (peer.speaks_tls or not scenario.tls)
                   for scenario in scenarios):
                peer.start()
                if peer.warms:
                    Run(peer, WARMING)
        print(f'{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} before; medians of {ROUNDS} rounds',
              flush=True)
        for scenario in scenarios:
            print_table(scenario, *measure(scenario, brokers))
        print(f'\n{time.monotonic() - begun:.0f} s, load {os.getloadavg()[0]:.1f} at the end')


main()
