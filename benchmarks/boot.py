"""Start to first PUBACK (cold: first boot of a home; warm: later ones), memory and writes at rest."""
import glob
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = sys.argv[1]
REST = int(os.environ.get('BENCH_REST_SECONDS', '60'))
ROUNDS = int(os.environ.get('BENCH_ROUNDS', '3'))
LAUNCHER = os.path.join(ROOT, 'gatehouse')


def launcher(home, *arguments, **environment):
    return subprocess.run(['sh', LAUNCHER, *arguments, '--home', home], check=True, text=True,
                          stdout=subprocess.PIPE, env={**os.environ, **environment}).stdout


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return str(s.getsockname()[1])


def listening(port):
    """Cheap to ask: asking with a client of its own takes a processor from what is measured."""
    with socket.socket() as s:
        return s.connect_ex(('127.0.0.1', int(port))) == 0


def puback(port):
    return subprocess.run(['mosquitto_pub', '-h', '127.0.0.1', '-p', port, '-V', 'mqttv311', '-q', '1',
                           '-t', 'bench', '-m', 'x'], stderr=subprocess.DEVNULL).returncode == 0


def start(home, port, **settings):
    """Seconds from starting the process to the first PUBACK."""
    begun = time.monotonic()
    process = subprocess.Popen(['sh', LAUNCHER, 'up', '-d', '--home', home], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, env={**os.environ, **settings})
    while not (listening(port) and puback(port)):
        if time.monotonic() - begun > 120:
            sys.exit('no PUBACK within 120 s')
        time.sleep(0.01)
    seconds = time.monotonic() - begun
    process.wait()
    return seconds


def main():
    home = tempfile.mkdtemp(prefix='gatehouse-bench-')
    port = free_port()
    settings = {'GATEHOUSE_MQTT_PORT': port, 'GATEHOUSE_MQTT_ANONYMOUS_POLICY': 'bench',
                'GATEHOUSE_MQTTS_PORT': free_port(), 'GATEHOUSE_HTTPS_PORT': free_port(),
                'GATEHOUSE_SSH_PORT': free_port()}
    try:
        # A start of its own for the build, if there is something to build.
        launcher(home, 'up', '-d', **settings)
        launcher(home, 'down')
        shutil.rmtree(home)
        # The policy must exist before anybody can be acknowledged, so the cold boot counts to ready.
        begun = time.monotonic()
        launcher(home, 'up', '-d', **settings)
        cold = time.monotonic() - begun
        environment = dict(line[len('export '):].replace("'", '').split('=', 1)
                           for line in launcher(home, 'env').splitlines())
        subprocess.run(['aws', '--endpoint-url', environment['GATEHOUSE_ENDPOINT'], 'iot', 'create-policy',
                        '--policy-name', 'bench', '--policy-document', json.dumps(
                            {'Version': '2012-10-17', 'Statement': [
                                {'Effect': 'Allow', 'Action': 'iot:*', 'Resource': '*'}]})],
                       check=True, stdout=subprocess.DEVNULL, env={**os.environ, **environment})
        warm = []
        for _ in range(ROUNDS):
            launcher(home, 'down')
            warm.append(start(home, port, **settings))
        pid = json.loads(launcher(home, 'status', '--json'))['pid']
        time.sleep(REST)
        rss = int(next(line for line in open(f'/proc/{pid}/status') if line.startswith('VmRSS')).split()[1])
        syncs_before = syncs(home)
        time.sleep(5)  # what asking writes is not rest
        before = written(pid)
        time.sleep(REST)
        per_hour = (written(pid) - before) * 3600 // REST
        syncs_per_hour = (syncs(home) - syncs_before) * 3600 // REST
        archive = glob.glob(os.path.join(ROOT, 'karaf-distribution/target/gatehouse-*.tar.gz'))[0]
        print(f'first boot to ready           {cold:6.2f} s    (at most 8)')
        print(f'warm boot to first PUBACK     {statistics.median(warm):6.2f} s    (at most 5; median of {ROUNDS})')
        print(f'memory {REST:3} s after boot        {rss / 1024:6.1f} MB   (at most 150)')
        print(f'written at rest               {per_hour / 1024:6.1f} kB and {syncs_per_hour:.0f} syncs an hour, from {REST} s')
        print(f'archive                       {os.path.getsize(archive) / 1e6:6.1f} MB   (at most 60)')
    finally:
        subprocess.run(['sh', LAUNCHER, 'down', '--home', home], stdout=subprocess.DEVNULL)
        shutil.rmtree(home, ignore_errors=True)


def syncs(home):
    metrics = launcher(home, 'shell', 'gatehouse:metrics store_syncs_total')
    return float(re.search(r'store_syncs_total\D+([\d.]+)', metrics).group(1))


def written(pid):
    return int(next(line for line in open(f'/proc/{pid}/io') if line.startswith('write_bytes')).split()[1])


main()
