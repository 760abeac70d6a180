"""Durable updates of shadows over MQTT: how many a second, how late, CPU each, memory of 100,000."""
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time

import peers

SECONDS = float(os.environ.get('BENCH_SECONDS', '20'))
CONNECTIONS = 50
WINDOW = 8  # more than ten in flight of one connection are refused
SHADOWS = 100_000
RUN_LIMIT_SECONDS = 600


class ShadowGatehouse(peers.Gatehouse):
    STATEMENTS = [
        {'Effect': 'Allow', 'Action': 'iot:Connect', 'Resource': 'arn:aws:iot:*:*:client/*'},
        {'Effect': 'Allow', 'Action': 'iot:Subscribe', 'Resource': 'arn:aws:iot:*:*:topicfilter/$aws/things/*'},
        {'Effect': 'Allow', 'Action': ['iot:Publish', 'iot:Receive'],
         'Resource': 'arn:aws:iot:*:*:topic/$aws/things/*'}]


def run(gatehouse, **load):
    """What the load generator reports, and the CPU time that the gateway took each."""
    arguments = [f'{name}={value}' for name, value in
                 {'port': gatehouse.port, 'mode': 'shadow', 'layout': 'shared', 'publishers': CONNECTIONS,
                  'window': WINDOW, 'warm': 2, **load}.items()]
    process = subprocess.Popen(
        [os.environ['JAVA'], '-XX:+UseSerialGC', '-Xms128m', '-Xmx256m', '-cp', os.environ['LOAD_CLASSES'],
         'dev.gatehouse.load.Load', *arguments], stdout=subprocess.PIPE, text=True)
    limit = threading.Timer(RUN_LIMIT_SECONDS, process.kill)
    limit.start()
    begun = spent = 0
    result = None
    try:
        for line in process.stdout:
            words = line.split()
            if words == ['mark', 'begin']:
                begun = peers.cpu_nanos(gatehouse.pid)
            elif words == ['mark', 'end']:
                spent = peers.cpu_nanos(gatehouse.pid) - begun
            elif words[0] == 'result':
                result = {name: float(value) for name, value in (word.split('=') for word in words[1:])}
            else:
                sys.exit(line)
        if process.wait() != 0 or result is None:
            sys.exit('the load generator ended with an error')
    finally:
        limit.cancel()
        process.kill()
        process.wait()
    result['cpu'] = spent / 1e3 / max(1, result['received'])
    return result


def tell(title, result):
    faults = ', '.join(f'{int(result[name])} {meaning}' for name, meaning in
                       (('lost', 'without an answer'), ('foreign', 'rejected'), ('reordered', 'out of order'),
                        ('disconnects', 'disconnects')) if result[name])
    print(f'{title:44} {result["persecond"]:>9,.0f}/s   p50 {result["p50"]:>7.2f} ms   p99 {result["p99"]:>7.2f} ms'
          f'   CPU {result["cpu"]:>6.1f} us each   (load {result["generator"]:.1f} us each)'
          f'   {faults or "none lost, rejected or out of order"}', flush=True)


def rss(gatehouse):
    return peers.rss_kilobytes(gatehouse.pid) / 1024


def main():
    peers.stop_on_signals()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    folder = tempfile.mkdtemp(prefix='gatehouse-bench-', dir=os.environ.get('BENCH_DIR'))
    gatehouse = ShadowGatehouse(f'{folder}/gatehouse', sys.argv[1])
    try:
        gatehouse.start()
        print(f'{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} before; {CONNECTIONS} connections,'
              f' at most {WINDOW} updates of each under way', flush=True)
        run(gatehouse, count=CONNECTIONS, seconds=8)  # a JVM compiles for seconds
        tell('to accepted, a shadow each', run(gatehouse, count=CONNECTIONS, seconds=SECONDS))
        tell('to accepted, paced at 5,000/s', run(gatehouse, count=CONNECTIONS, seconds=SECONDS, rate=5000))
        before = rss(gatehouse)
        tell(f'to PUBACK, {SHADOWS:,} shadows made', run(gatehouse, count=SHADOWS, seconds=0))
        made = rss(gatehouse)
        tell(f'to PUBACK, {SHADOWS:,} shadows in turns', run(gatehouse, count=SHADOWS, seconds=SECONDS))
        time.sleep(2)
        print(f'RSS {before:.0f} MB before the {SHADOWS:,} shadows, {made:.0f} MB when they were made,'
              f' {rss(gatehouse):.0f} MB at the end')
        print('bounds: >= 5,000 updates/s, none lost; memory does not grow with the shadows')
        print(f'load {os.getloadavg()[0]:.1f} at the end')
    finally:
        gatehouse.stop()
        shutil.rmtree(folder, ignore_errors=True)


main()
