"""Signed calls a second and their p99, on one connection and on 50; pages of a list of many things."""
import json
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = sys.argv[1]
SECONDS = os.environ.get('BENCH_SECONDS', '5')
THINGS = int(os.environ.get('BENCH_THINGS', '100000'))
PAGES = 500
WARMING = 100
LAUNCHER = os.path.join(ROOT, 'gatehouse')
LISTS = (
    ('all things', 'maxResults=250'),
    ('all things, 100 a page', 'maxResults=100'),
    ('by type', 'maxResults=250&thingTypeName=type3'),
    ('by attribute', 'attributeName=room&attributeValue=room42&maxResults=250'),
    ('by type and attribute', 'attributeName=room&attributeValue=room42&maxResults=250&thingTypeName=type2'),
    ('by beginning of a value', 'attributeName=serial&attributeValue=s01&maxResults=250&usePrefixAttributeValue=true'),
)


def free_port():
    import socket
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return str(s.getsockname()[1])


class Gateway:
    def __init__(self):
        self.home = tempfile.mkdtemp(prefix='gatehouse-bench-', dir=os.environ.get('BENCH_DIR'))
        self.ports = {f'GATEHOUSE_{name}_PORT': free_port() for name in ('MQTTS', 'HTTPS', 'SSH')}
        os.makedirs(os.path.join(self.home, 'etc'))
        with open(os.path.join(self.home, 'etc', 'dev.gatehouse.http.cfg'), 'w') as settings:
            settings.write('port = $[env:GATEHOUSE_HTTPS_PORT;default=8443]\nthrottleFactor = 0\n')

    def launcher(self, *arguments):
        return subprocess.run(['sh', LAUNCHER, *arguments, '--home', self.home], check=True, text=True,
                              stdout=subprocess.PIPE, env={**os.environ, **self.ports}).stdout

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def start(self):
        self.launcher('up', '-d')
        self.pid = json.loads(self.launcher('status', '--json'))['pid']
        self.environment = dict(line[len('export '):].replace("'", '').split('=', 1)
                                for line in self.launcher('env').splitlines())
        self.environment['PORT'] = self.ports['GATEHOUSE_HTTPS_PORT']

    def __exit__(self, *_):
        subprocess.run(['sh', LAUNCHER, 'down', '--home', self.home], stdout=subprocess.DEVNULL)
        shutil.rmtree(self.home, ignore_errors=True)

    def megabytes(self):
        line = next(line for line in open(f'/proc/{self.pid}/status') if line.startswith('VmRSS'))
        return int(line.split()[1]) / 1024

    def cpu(self):
        """Seconds of all threads."""
        fields = open(f'/proc/{self.pid}/stat').read().rsplit(') ', 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')

    def calls(self, *arguments):
        """What the load generator found."""
        out = subprocess.run([os.environ['JAVA'], '-XX:+UseSerialGC', '-Xmx384m', '-cp', os.environ['CALLS_CLASSES'],
                              'dev.gatehouse.calls.Calls', *map(str, arguments)], check=True, text=True,
                             stdout=subprocess.PIPE, env={**os.environ, **self.environment}).stdout
        return {name: float(value) for name, value in (word.split('=') for word in out.split() if '=' in word)}


def main():
    print(f'{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} before')
    with Gateway() as gateway:
        gateway.calls('prepare')
        empty = gateway.megabytes()
        print(f'\n{"signed calls":26}{"connections":>12}{"calls/s":>10}{"p50 ms":>10}{"p99 ms":>10}')
        for operation in ('DescribeThing', 'CreateThing', 'GetThingShadow'):
            for connections in (1, 50):
                got = gateway.calls('call', operation, connections, SECONDS, 4)
                print(f'{operation:26}{connections:12}{got["persecond"]:10,.0f}{got["p50"]:10.2f}{got["p99"]:10.2f}',
                      flush=True)
        filled = gateway.calls('fill', THINGS, 50)
        print(f'\n{THINGS:,} things with a type and two searchable attributes made in {filled["seconds"]:.0f} s')
        print(f'{"pages of ListThings":26}{"things/page":>12}{"pages/s":>10}{"p50 ms":>10}{"p99 ms":>10}'
              f'{"CPU ms":>10}   bound')
        for name, query in LISTS:
            before = gateway.cpu()
            got = gateway.calls('list', query, PAGES, WARMING)
            spent = (gateway.cpu() - before) * 1000 / (PAGES + WARMING)
            print(f'{name:26}{got["things"] / PAGES:12.0f}{got["persecond"]:10,.0f}{got["p50"]:10.2f}'
                  f'{got["p99"]:10.2f}{spent:10.2f}   p99 under 20', flush=True)
        print(f'\nmemory {empty:.0f} MB before, {gateway.megabytes():.0f} MB with the things and after the lists')
        print(f'load {os.getloadavg()[0]:.1f} at the end')


main()
