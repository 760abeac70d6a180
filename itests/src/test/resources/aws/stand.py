"""What all parts share: where the gateway is, what is expected, documents and certificates."""
import json
import os
import subprocess
import tempfile
import time

ENDPOINT = os.environ['GATEHOUSE_ENDPOINT']
ARN = 'arn:aws:iot:us-east-1:000000000000:'
SECOND = os.environ.get('SECOND_ACCOUNT', '')
SUCCEEDED = set()
ROLE = 'arn:aws:iam::000000000000:role/'
DIRECTORY = tempfile.TemporaryDirectory()


def same(got, wanted):
    assert got == wanted, f'{got} is not {wanted}'


def has(got, **wanted):
    """A structure has these members with these values, among others."""
    same({name: got.get(name) for name in wanted}, wanted)
    return got


def fresh(*times):
    """Times, as the client has parsed them, of the last minutes."""
    for one in times:
        assert abs(one.timestamp() - time.time()) < 300, one


def until(condition, seconds=20):
    """What the condition returns as soon as it is something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.2)
    raise AssertionError(f'not within {seconds} s')


def allow(action, resource='*', effect='Allow'):
    return json.dumps({'Version': '2012-10-17',
                       'Statement': [{'Effect': effect, 'Action': action, 'Resource': resource}]})


def trust(principal, action='sts:AssumeRole'):
    return json.dumps({'Version': '2012-10-17',
                       'Statement': [{'Effect': 'Allow', 'Principal': principal, 'Action': action}]})


def rule(topic='in/+', **others):
    """That sends on what is above 50, to a topic and to a file."""
    return {'sql': f"SELECT temp FROM '{topic}' WHERE temp > 50", 'description': 'hot',
            'awsIotSqlVersion': '2016-03-23',
            'actions': [{'republish': {'topic': 'hot/${topic(2)}', 'qos': 1, 'roleArn': ROLE + 'r'}},
                        {'s3': {'bucketName': 'bucket', 'key': '${topic(2)}', 'roleArn': ROLE + 'r',
                                'cannedAcl': 'private'}}],
            'errorAction': {'republish': {'topic': 'failed', 'roleArn': ROLE + 'r'}}, **others}


def path(name):
    return os.path.join(DIRECTORY.name, name)


def text(name):
    with open(path(name), encoding='ascii') as file:
        return file.read()


def openssl(*arguments):
    subprocess.run(['openssl', *arguments], check=True, capture_output=True, cwd=DIRECTORY.name)


def request(name, subject):
    """A signing request, and its key."""
    openssl('req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', name + '.key',
            '-subj', subject, '-out', name + '.csr')
    return text(name + '.csr')


def authority(name):
    """A self-signed certificate, of a CA or of a device."""
    openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', name + '.key',
            '-subj', '/CN=' + name, '-days', '30', '-out', name + '.pem')
    return text(name + '.pem')


def signed(name, subject, ca):
    """A certificate that a CA has signed."""
    request(name, subject)
    openssl('x509', '-req', '-in', name + '.csr', '-CA', ca + '.pem', '-CAkey', ca + '.key', '-CAcreateserial',
            '-days', '10', '-out', name + '.pem')
    return text(name + '.pem')
