"""The AWS CLI by its own entry point, many commands in one process: starting it costs a second each time."""
import contextlib
import io
import json
import os
import shlex

from awscli.clidriver import AWSCLIEntryPoint, create_clidriver

import shapes
from stand import DIRECTORY, ENDPOINT, path

os.chdir(DIRECTORY.name)
os.environ['AWS_MAX_ATTEMPTS'] = '15'
SERVICE_ERROR = 254


class CommandLine:
    """A person at a terminal, with credentials in the environment: those of the process, or others."""

    def __init__(self, credentials=()):
        names = ('AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN')
        self.environment = dict(zip(names, credentials))

    def run(self, command):
        """Types what comes after "aws": exit status, output, errors."""
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding='utf-8') for _ in range(2))
        before = dict(os.environ)
        os.environ.update(self.environment)
        # What a command sets up in it would be there for the next one, too.
        driver = create_clidriver()
        driver.session.register('after-call', shapes.note)
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                status = AWSCLIEntryPoint(driver).main(['--endpoint-url', ENDPOINT, *shlex.split(command)])
        finally:
            os.environ.clear()
            os.environ.update(before)
        told = []
        for stream in (out, err):
            stream.flush()
            told.append(stream.buffer.getvalue().decode().strip())
        return status, *told

    def __call__(self, command):
        """What is printed: the value of JSON, or text."""
        status, out, err = self.run(command)
        assert status == 0, f'aws {command}: {status} {err}'
        return out if '--output text' in command else json.loads(out) if out else None

    def refused(self, code, command):
        status, _, err = self.run(command)
        assert status == SERVICE_ERROR and f'({code})' in err, f'aws {command}: {status} {err}'


aws = CommandLine()


def other(prefix='SECOND_'):
    return CommandLine((os.environ[prefix + 'ACCESS_KEY_ID'], os.environ[prefix + 'SECRET_ACCESS_KEY']))


def write(name, content):
    """A file for file://NAME."""
    with open(path(name), 'w', encoding='utf-8') as file:
        file.write(content if isinstance(content, str) else json.dumps(content))


def read(name):
    with open(path(name), encoding='utf-8') as file:
        return json.load(file)
