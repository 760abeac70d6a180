"""The gateway under abuse: started with a small heap in a home of its own, and looked at from outside."""
import json
import os
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import time

from calls import Api, Keys

ACCOUNT = '000000000000'
ROLE = f'arn:aws:iam::{ACCOUNT}:role/abuse'

# Rights of whoever comes in by the plaintext listener: their own topics and shadows. "abuse/denied" is
# what they may connect beside, and not publish to.
OFFENDER = [
    {'Effect': 'Allow', 'Action': 'iot:Connect', 'Resource': 'arn:aws:iot:*:*:client/*'},
    {'Effect': 'Allow', 'Action': ['iot:Publish', 'iot:Receive', 'iot:RetainPublish'],
     'Resource': ['arn:aws:iot:*:*:topic/abuse/*', 'arn:aws:iot:*:*:topic/$aws/things/abuse-*',
                  'arn:aws:iot:*:*:topic/$aws/rules/*']},
    {'Effect': 'Allow', 'Action': 'iot:Subscribe',
     'Resource': ['arn:aws:iot:*:*:topicfilter/abuse/*', 'arn:aws:iot:*:*:topicfilter/$aws/things/abuse-*']}]
QUIET = [
    {'Effect': 'Allow', 'Action': 'iot:Connect', 'Resource': 'arn:aws:iot:*:*:client/*'},
    {'Effect': 'Allow', 'Action': ['iot:Publish', 'iot:Receive'],
     'Resource': ['arn:aws:iot:*:*:topic/quiet/*', 'arn:aws:iot:*:*:topic/$SYS/*']},
    {'Effect': 'Allow', 'Action': 'iot:Subscribe',
     'Resource': ['arn:aws:iot:*:*:topicfilter/quiet/*', 'arn:aws:iot:*:*:topicfilter/$SYS/*']}]


def policy(statements):
    return json.dumps({'Version': '2012-10-17', 'Statement': statements})


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


class Gateway:
    """One process from the distribution in `directory`, with `heap` megabytes of heap."""

    def __init__(self, directory, heap):
        self.launcher_path = os.path.join(directory, 'gatehouse')
        self.heap = heap
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='gatehouse-abuse-', dir=os.environ.get('BENCH_DIR')))
        self.home = self.folder / 'home'
        self.ports = {name: free_port() for name in ('MQTT', 'MQTTS', 'HTTPS', 'SSH')}
        etc = self.home / 'etc'
        etc.mkdir(parents=True)
        # Calls are not throttled: what throttling would only delay is tried at once.
        (etc / 'dev.gatehouse.http.cfg').write_text(
            'port = $[env:GATEHOUSE_HTTPS_PORT;default=8443]\nthrottleFactor = 0\n')
        (etc / 'dev.gatehouse.mqtt.cfg').write_text(
            'port = $[env:GATEHOUSE_MQTTS_PORT;default=8883]\n'
            'plaintextPort = $[env:GATEHOUSE_MQTT_PORT;default=0]\nstatusForDevices = true\n')
        (etc / 'dev.gatehouse.monitoring.topics.cfg').write_text('intervalSeconds = 1\n')
        self.ask_heap = self.folder / 'ask-heap'
        # What finalizers and cleaners hold goes with the second collection.
        self.ask_heap.write_text('GC.run\nGC.run\nGC.heap_info\n')
        self.pid = None

    def launcher(self, *arguments):
        settings = {f'GATEHOUSE_{name}_PORT': str(port) for name, port in self.ports.items()}
        settings |= {'GATEHOUSE_JAVA_OPTS': f'-Xmx{self.heap}m', 'GATEHOUSE_MQTT_ANONYMOUS_POLICY': 'abuse'}
        done = subprocess.run(['sh', self.launcher_path, *arguments, '--home', str(self.home)], text=True,
                              capture_output=True, env={**os.environ, **settings})
        if done.returncode:
            raise RuntimeError(f'gatehouse {" ".join(arguments)}: {done.stderr}')
        return done.stdout

    def start(self):
        self.launcher('up', '-d')
        self.pid = json.loads(self.launcher('status', '--json'))['pid']
        environment = dict(line[len('export '):].replace("'", '').split('=', 1)
                           for line in self.launcher('env').splitlines())
        self.ca = environment['AWS_CA_BUNDLE']
        self.keys = Keys(environment['AWS_ACCESS_KEY_ID'], environment['AWS_SECRET_ACCESS_KEY'])
        self.api = Api(self.ports['HTTPS'], self.context(), self.keys, timeout=60)
        self.prepare()
        return self

    def context(self, certificate=None):
        context = ssl.create_default_context(cafile=self.ca)
        if certificate:
            context.load_cert_chain(certificate)
        return context

    def prepare(self):
        """Policies, a quiet device's certificate, a role for rules, a pool that lets strangers in."""
        call = self.api.must
        call('POST', '/policies/abuse', {'policyDocument': policy(OFFENDER)})
        call('POST', '/policies/quiet', {'policyDocument': policy(QUIET)})
        self.quiet = self.device('quiet', 'quiet')
        self.offender = self.device('offender', 'abuse')
        self.api.iam('CreateRole', RoleName='abuse', AssumeRolePolicyDocument=policy([
            {'Effect': 'Allow', 'Principal': {'Service': 'iot.amazonaws.com', 'AWS': ACCOUNT},
             'Action': 'sts:AssumeRole'}]))
        self.api.iam('PutRolePolicy', RoleName='abuse', PolicyName='all', PolicyDocument=policy(
            [{'Effect': 'Allow', 'Action': 'iot:*', 'Resource': '*'}]))
        self.pool = self.api.cognito('CreateIdentityPool', {
            'IdentityPoolName': 'strangers', 'AllowUnauthenticatedIdentities': True})['IdentityPoolId']

    def device(self, name, policy_name):
        """Path of a PEM file with a device's certificate and key."""
        made = self.api.must('POST', '/keys-and-certificate', query='setAsActive=true')
        path = self.folder / f'{name}.pem'
        path.write_text(made['certificatePem'] + made['keyPair']['PrivateKey'])
        self.api.must('PUT', f'/target-policies/{policy_name}', {'target': made['certificateArn']})
        return str(path)

    def is_alive(self):
        """Whether the process that was started still runs."""
        try:
            state = pathlib.Path(f'/proc/{self.pid}/stat').read_text().rsplit(') ', 1)[1][0]
        except OSError:
            return False
        return state not in 'ZX'

    def heap_kilobytes(self):
        """Heap in use once its garbage is gone; -1 if the process cannot say."""
        try:
            lines = subprocess.run(['jcmd', str(self.pid), '-f', str(self.ask_heap)], check=True, text=True, timeout=60,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout.splitlines()
        except (subprocess.SubprocessError, OSError):
            return -1
        # Of the generations' lines, not of the spaces within them.
        return sum(int(found.group(1)) for line in lines
                   if (found := re.search(r'generation\s+total \d+K, used (\d+)K', line)))

    def complaints(self):
        """Lines of the log that no client may cause."""
        try:
            lines = (self.home / 'data/log/gatehouse.log').read_text(errors='replace').splitlines()
        except OSError:
            return []
        return [line[:300] for line in lines
                if re.search(r'OutOfMemoryError|OutOfDirectMemoryError|StackOverflowError|LEAK:', line)]

    def stop(self):
        subprocess.run(['sh', self.launcher_path, 'down', '--home', str(self.home)],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(50):
            if not self.is_alive():
                break
            time.sleep(0.1)
        else:
            os.kill(self.pid, 9)
        if not os.environ.get('ABUSE_KEEP'):
            shutil.rmtree(self.folder, ignore_errors=True)
