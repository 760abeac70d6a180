"""The brokers side by side: each is started on a free port of loopback with its own folder."""
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass

START_SECONDS = 180
QUEUE = 1_000_000


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


def await_port(port, process, what):
    limit = time.monotonic() + START_SECONDS
    while True:
        with socket.socket() as s:
            if s.connect_ex(('127.0.0.1', port)) == 0:
                return
        if process.poll() is not None or time.monotonic() > limit:
            sys.exit(f'{what} did not start')
        time.sleep(0.02)


@dataclass(frozen=True)
class Tls:
    """Where a peer listens for mutual TLS, and what its clients need for it: files, PEM and once PKCS 12."""
    port: int
    ca: str
    certificate: str
    key: str

    @property
    def store(self):
        """The device's certificate and key for the load generator, which is a JVM."""
        store = self.key + '.p12'
        if not os.path.exists(store):
            openssl('pkcs12', '-export', '-in', self.certificate, '-inkey', self.key, '-out', store,
                    '-passout', 'pass:bench')
        return store


def openssl(*arguments):
    subprocess.run(['openssl', *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Peer:
    """A broker in its folder; pid and port while it runs."""
    jvm = True
    warms = True  # a run before the measured ones is worth it
    slow_disk = False
    speaks_tls = False  # whether it is measured over mutual TLS
    tls = None  # a Tls, once it runs

    def __init__(self, name, folder):
        self.name = name
        self.folder = pathlib.Path(folder)
        self.folder.mkdir()
        self.port = free_port()
        self.process = None

    @property
    def pid(self):
        return self.process.pid

    def command(self):
        raise NotImplementedError

    def start(self):
        with open(self.folder / 'out', 'w') as out:
            self.process = subprocess.Popen(self.command(), stdout=out, stderr=out)
        await_port(self.port, self.process, self.name)

    def stop(self):
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None


class Mosquitto(Peer):
    jvm = False
    warms = False
    speaks_tls = True

    def __init__(self, folder):
        super().__init__('mosquitto', folder)
        self.tls = self.make_certificates()
        (self.folder / 'acl').write_text('topic readwrite bench/#\n')
        (self.folder / 'acl').chmod(0o600)
        (self.folder / 'mosquitto.conf').write_text('\n'.join([
            f'listener {self.port} 127.0.0.1', f'listener {self.tls.port} 127.0.0.1',
            f'cafile {self.tls.ca}', f'certfile {self.folder}/server.pem', f'keyfile {self.folder}/server.key',
            'require_certificate true', 'allow_anonymous true', f'acl_file {self.folder}/acl', 'user root', 'max_queued_messages 0', 'persistence true',
            f'persistence_location {self.folder}/', 'log_dest none', '']))

    def make_certificates(self):
        """Of the kinds that Gatehouse makes: a P-256 root and server, a device with an RSA key of 2,048 bits."""
        root, key = str(self.folder / 'root.pem'), str(self.folder / 'root.key')
        names = self.folder / 'names'
        names.write_text('subjectAltName=DNS:localhost,IP:127.0.0.1\n')
        p256 = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
        openssl('req', '-x509', *p256, '-keyout', key, '-subj', '/CN=bench root', '-days', '30', '-out', root)
        for name, kind, extensions in (('server', p256, ['-extfile', str(names)]),
                                       ('device', ['-newkey', 'rsa:2048', '-nodes'], [])):
            file = str(self.folder / name)
            openssl('req', *kind, '-keyout', file + '.key', '-subj', f'/CN={name}', '-out', file + '.csr')
            openssl('x509', '-req', '-in', file + '.csr', '-CA', root, '-CAkey', key, '-CAcreateserial',
                    '-days', '20', '-sha256', *extensions, '-out', file + '.pem')
        device = str(self.folder / 'device')
        return Tls(free_port(), root, device + '.pem', device + '.key')

    def command(self):
        program = shutil.which('mosquitto') or '/usr/sbin/mosquitto'
        return [program, '-c', str(self.folder / 'mosquitto.conf')]


class HiveMq(Peer):
    def __init__(self, folder, classes, persistence):
        super().__init__('HiveMQ CE ' + ('memory' if persistence == 'in-memory' else 'file'), folder)
        self.classes = classes
        for name in ('conf', 'data', 'extensions'):
            (self.folder / name).mkdir()
        (self.folder / 'conf' / 'config.xml').write_text(f'''<hivemq>
  <listeners><tcp-listener><port>{self.port}</port><bind-address>127.0.0.1</bind-address></tcp-listener></listeners>
  <mqtt><queued-messages><max-queue-size>{QUEUE}</max-queue-size></queued-messages></mqtt>
  <persistence><mode>{persistence}</mode></persistence>
  <anonymous-usage-statistics><enabled>false</enabled></anonymous-usage-statistics>
</hivemq>
''')

    def command(self):
        return [os.environ['JAVA'], '-cp', self.classes, 'HiveMq', str(self.folder)]


class Gatehouse(Peer):
    speaks_tls = True

    def __init__(self, folder, root):
        super().__init__('Gatehouse', folder)
        self.launcher_path = os.path.join(root, 'gatehouse')
        self.home = str(self.folder / 'home')
        self.settings = {
            'GATEHOUSE_MQTT_PORT': str(self.port), 'GATEHOUSE_MQTT_ANONYMOUS_POLICY': 'bench',
            'GATEHOUSE_MQTTS_PORT': str(free_port()), 'GATEHOUSE_HTTPS_PORT': str(free_port()),
            'GATEHOUSE_SSH_PORT': str(free_port())}
        etc = pathlib.Path(self.home, 'etc')
        etc.mkdir(parents=True)
        (etc / 'dev.gatehouse.broker.cfg').write_text(
            f'queueMessages = {QUEUE}\nqueueKilobytes = {QUEUE}\n')
        self.environment = {}
        self.has_policy = False
        self.started = False
        self.running = None

    @property
    def pid(self):
        return self.running

    def launcher(self, *arguments):
        return subprocess.run(['sh', self.launcher_path, *arguments, '--home', self.home], check=True,
                              text=True, stdout=subprocess.PIPE,
                              env={**os.environ, **self.settings, **self.environment}).stdout

    def start(self):
        self.started = True
        self.launcher('up', '-d')
        self.running = json.loads(self.launcher('status', '--json'))['pid']
        if not self.has_policy:
            self.allow()
            self.has_policy = True

    STATEMENTS = [
        {'Effect': 'Allow', 'Action': 'iot:Connect', 'Resource': 'arn:aws:iot:*:*:client/*'},
        {'Effect': 'Allow', 'Action': 'iot:Subscribe', 'Resource': 'arn:aws:iot:*:*:topicfilter/bench/*'},
        {'Effect': 'Allow', 'Action': ['iot:Publish', 'iot:Receive'], 'Resource': 'arn:aws:iot:*:*:topic/bench/*'}]

    def allow(self):
        environment = dict(line[len('export '):].replace("'", '').split('=', 1)
                           for line in self.launcher('env').splitlines())
        self.aws(environment, 'create-policy', '--policy-name', 'bench', '--policy-document',
                 json.dumps({'Version': '2012-10-17', 'Statement': self.STATEMENTS}))
        certificate, key = str(self.folder / 'device.pem'), str(self.folder / 'device.key')
        answer = self.aws(environment, 'create-keys-and-certificate', '--set-as-active',
                          '--certificate-pem-outfile', certificate, '--private-key-outfile', key)
        self.aws(environment, 'attach-policy', '--policy-name', 'bench', '--target',
                 json.loads(answer)['certificateArn'])
        self.tls = Tls(self.settings['GATEHOUSE_MQTTS_PORT'], environment['AWS_CA_BUNDLE'], certificate, key)

    @staticmethod
    def aws(environment, *arguments):
        return subprocess.run(['aws', '--endpoint-url', environment['GATEHOUSE_ENDPOINT'], 'iot', *arguments],
                              check=True, text=True, stdout=subprocess.PIPE,
                              env={**os.environ, **environment}).stdout

    def stop(self):
        if self.started:
            self.launcher('down')
            self.started = False


class SlowDisk(Gatehouse):
    """Each sync takes 20 ms more, as on an SD card: strace holds the calls up, and nothing else."""
    slow_disk = True
    speaks_tls = False

    def __init__(self, folder, root):
        super().__init__(folder, root)
        self.name = 'Gatehouse slow'
        java = self.folder / 'java' / 'bin' / 'java'
        java.parent.mkdir(parents=True)
        java.write_text(f'''#!/bin/sh
case "$*" in *karaf*) exec strace -D -f --seccomp-bpf -o /dev/null -e trace=fsync,fdatasync \\
  -e inject=fsync,fdatasync:delay_exit=20000 {os.environ["JAVA"]} "$@" ;; esac
exec {os.environ["JAVA"]} "$@"
''')
        java.chmod(0o755)
        self.environment = {'JAVA_HOME': str(self.folder / 'java')}


def rss_kilobytes(pid):
    with open(f'/proc/{pid}/status') as lines:
        return int(next(line for line in lines if line.startswith('VmRSS')).split()[1])


def cpu_nanos(pid):
    """User and system time of all threads, those that ended included."""
    return time.clock_gettime_ns((~pid << 3) | 2)


def settle(pid):
    """Lets a JVM give back what it does not use; what is softly or weakly held goes with a later collection."""
    for _ in range(3):
        jcmd(pid, 'GC.run')
        time.sleep(1)
    jcmd(pid, 'System.trim_native_heap')


def jcmd(pid, command):
    return subprocess.run([os.environ['JCMD'], str(pid), command], check=True, text=True,
                          stdout=subprocess.PIPE).stdout


def live_heap_bytes(pid):
    return int(jcmd(pid, 'GC.class_histogram').splitlines()[-1].split()[2])


def stop_on_signals():
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
