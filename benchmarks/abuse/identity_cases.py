"""Policies, certificates, IAM, sessions of roles, strangers of an identity pool."""
import base64
import itertools
import json
from urllib.parse import quote

import wire
from case import case
from json_cases import deep
from stand import ROLE, policy

NUMBERS = itertools.count()
MEGABYTE = 1_000_000


# ---- DER, as far as a request for a certificate needs it ---------------------------------------

def der(tag, *parts):
    body = b''.join(parts)
    size = len(body)
    if size < 128:
        return bytes([tag, size]) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, 'big')
    return bytes([tag, 128 | len(length)]) + length + body


def integer(number):
    return der(2, number.to_bytes(number.bit_length() // 8 + 1, 'big'))


RSA = bytes.fromhex('06092a864886f70d010101') + b'\5\0'
SHA256_RSA = bytes.fromhex('06092a864886f70d01010b') + b'\5\0'


def name(value, count=1):
    return der(0x30, *(der(0x31, der(0x30, bytes.fromhex('0603550403'), der(0x0C, value))) for _ in range(count)))


def request(subject, key, attributes=b'', signature=b'x' * 256):
    info = der(0x30, integer(0), subject, key, der(0xA0, attributes))
    return pem(der(0x30, info, der(0x30, SHA256_RSA), der(3, b'\0' + signature)))


def rsa_key(bits, exponent):
    return der(0x30, der(0x30, RSA), der(3, b'\0' + der(0x30, integer((1 << bits) - 1), integer(exponent))))


def pem(data, kind='CERTIFICATE REQUEST'):
    text = base64.encodebytes(data).decode()
    return f'-----BEGIN {kind}-----\n{text}-----END {kind}-----\n'


def small_key():
    return rsa_key(2048, 65537)


@case(few=True)
def certificate_requests(attack):
    """CSRs with huge keys, exponents, names and extensions."""
    extension = der(0x30, bytes.fromhex('06092a864886f70d01090e'),
                    der(0x31, der(0x30, der(0x30, bytes.fromhex('0603551d11'), der(4, der(0x30, *(
                        der(0x82, b'host%d' % n) for n in range(40_000))))))))
    for text in (request(name(b'x' * 700_000), small_key()), request(name(b'x', 50_000), small_key()),
                 request(name(b'x'), small_key(), extension), request(name(b'x'), rsa_key(16_384, (1 << 16_000) - 1)),
                 request(name(b'x'), rsa_key(1_000_000, 65537), signature=b'\1' * 125_000),
                 request(name(b'x'), rsa_key(16_384, 65537), signature=b'\1' * 2048),
                 pem(der(0x30, *[b'\x30\x80' * 300_000])), pem(b'\x30\x84\x7f\xff\xff\xff' * 100_000),
                 'x' * 900_000, pem(b'x' * 600_000)):
        if not attack.going:
            return
        attack.call('POST', '/certificates', json.dumps({'certificateSigningRequest': text}))


@case()
def certificates_registered(attack):
    """Certificates and CAs that are registered: chains, garbage, many of one PEM."""
    with open(attack.gateway.offender) as lines:
        one = lines.read().split('-----BEGIN PRIVATE')[0].split('-----BEGIN EC')[0]
    for text in (one * 900, one + 'x' * 900_000, pem(der(0x30, *[b'\x30\x80' * 300_000]), 'CERTIFICATE'), one + '\n' * 900_000):
        for path in ('/certificate/register-no-ca', '/certificate/register', '/cacertificate'):
            if not attack.going:
                return
            attack.call('POST', path, json.dumps({'certificatePem': text, 'caCertificate': text, 'caCertificatePem': text,
                                                  'verificationCertificate': text}))


@case(few=True)
def policy_documents(attack):
    """Policy documents that are large, deep, wide, or full of statements."""
    one = {'Effect': 'Allow', 'Action': 'iot:Publish', 'Resource': 'arn:aws:iot:*:*:topic/x'}
    for document in ('{"Version":"2012-10-17","Statement":' + deep(900_000).decode() + '}', policy([one] * 8_000),
                     policy([{**one, 'Resource': ['arn:aws:iot:*:*:topic/' + 'x' * 900_000]}]), '[' * 900_000,
                     policy([{**one, 'Resource': ['*' * 1500]}]),
                     policy([{**one, 'Condition': {'NumericEquals': {'aws:EpochTime': '1e999999999'}}}]),
                     policy([{**one, 'Condition': {'NumericEquals': {'aws:EpochTime': '9' * 1500}}}]),
                     policy([{**one, 'Condition': {'IpAddress': {'aws:SourceIp': ['0.0.0.0/0'] * 100}}}])):
        label = f'abuse-{attack.number}-{next(NUMBERS)}'
        if not attack.going:
            return
        if attack.call('POST', f'/policies/{label}', json.dumps({'policyDocument': document})) == 200:
            attack.afterwards(lambda label=label: attack.gateway.api.call('DELETE', f'/policies/{label}'))


@case()
def policy_stars(attack):
    """Topics of 65,000 bytes against ten policies that compare each character many times."""
    api = attack.gateway.api

    def make():
        made = api.must('POST', '/keys-and-certificate', query='setAsActive=true')
        labels = []
        for number in range(10):
            label = f'abuse-stars-{next(NUMBERS)}'
            resource = 'arn:aws:iot:*:*:topic/' + ('*' + 'a' * 1700 + 'b' if number % 2 else '*a?' * 500 + 'b')
            status, _ = api.call('POST', f'/policies/{label}', {'policyDocument': policy([
                {'Effect': 'Allow', 'Action': 'iot:Connect', 'Resource': '*'},
                {'Effect': 'Allow', 'Action': 'iot:Publish', 'Resource': resource}])})
            if status == 200:
                labels.append(label)
                api.call('PUT', f'/target-policies/{label}', {'target': made['certificateArn']})
        path = attack.gateway.folder / 'stars.pem'
        path.write_text(made['certificatePem'] + made['keyPair']['PrivateKey'])

        def delete():
            for label in labels:
                api.call('POST', f'/target-policies/{label}', {'target': made['certificateArn']})
                api.call('DELETE', f'/policies/{label}')
        attack.afterwards(delete)
        return attack.gateway.context(str(path))
    context = attack.prepared(make)
    client = attack.mqtt(tls=context, timeout=20)
    for number in range(100):
        if not client or not attack.going:
            break
        data = b''.join(wire.publish('a' * (65_000 - number * 10 - n), b'', 1, n + 1) for n in range(10))
        if not attack.exchange(client, data, 10, 65_000):
            break


@case()
def policies_many(attack):
    """Policies of 2,000 bytes, as many as are taken."""
    labels = []
    for _ in range(600 if attack.clients == 1 else 40):
        if not attack.going:
            break
        label = f'abuse-{attack.number}-{next(NUMBERS)}'
        document = policy([{'Effect': 'Allow', 'Action': 'iot:Publish', 'Resource': 'arn:aws:iot:*:*:topic/' + 'x' * 1800}])
        if attack.call('POST', f'/policies/{label}', json.dumps({'policyDocument': document})) != 200:
            break
        labels.append(label)
    attack.afterwards(lambda: [attack.gateway.api.call('DELETE', f'/policies/{label}') for label in labels])


def form(**parameters):
    return '&'.join(f'{key}={quote(value, safe="")}' for key, value in {'Version': '2010-05-08', **parameters}.items())


FORM = {'Content-Type': 'application/x-www-form-urlencoded'}


@case(few=True)
def forms(attack):
    """Calls of IAM and STS with many and long parameters."""
    jwt = base64.urlsafe_b64encode(deep(500_000)).decode().rstrip('=')
    for service, body, signed in (
            ('iam', '&'.join(f'k{n}=v' for n in range(80_000)), True), ('iam', 'Action=' + 'x' * MEGABYTE, True),
            ('iam', 'Action=ListUsers&Version=2010-05-08&' + '&' * 900_000, True), ('iam', '%41' * 300_000, True),
            ('iam', form(Action='CreateRole', RoleName='r', AssumeRolePolicyDocument='{"":' * 60_000), True),
            ('iam', form(Action='CreateUser', UserName='x' * 900_000), True),
            ('iam', form(Action='TagRole', RoleName='abuse', **{f'Tags.member.{n}.Key': 'x' for n in range(20_000)}), True),
            ('iam', form(Action='TagRole', RoleName='abuse', **{'Tags.member.999999999.Key': 'x'}), True),
            ('sts', form(Action='AssumeRole', RoleArn=ROLE, RoleSessionName='s', Policy='x' * 900_000), True),
            ('sts', form(Action='AssumeRoleWithWebIdentity', RoleArn=ROLE, RoleSessionName='s', WebIdentityToken=f'{jwt}.{jwt}.x'), False),
            ('sts', form(Action='AssumeRoleWithWebIdentity', RoleArn=ROLE, RoleSessionName='s', WebIdentityToken='x.' * 400_000), False)):
        if not attack.going:
            return
        attack.call('POST', '/', body, service=service, keys=signed, headers=FORM)


@case()
def role_sessions(attack):
    """Sessions of a role, each with a policy of its own."""
    document = policy([{'Effect': 'Allow', 'Action': 'iot:Publish', 'Resource': 'arn:aws:iot:*:*:topic/' + 'x' * 1500}])
    while attack.going:
        body = form(Action='AssumeRole', RoleArn=ROLE, RoleSessionName=f's{next(NUMBERS)}', Policy=document)
        if attack.call('POST', '/', body, service='sts', headers=FORM) != 200:
            return


@case()
def pool_identities(attack):
    """Identities that a stranger makes in a pool that lets strangers in."""
    body = json.dumps({'IdentityPoolId': attack.gateway.pool})
    while attack.going:
        if attack.call('POST', '/', body, keys=None, headers={
                'X-Amz-Target': 'AWSCognitoIdentityService.GetId', 'Content-Type': 'application/x-amz-json-1.1'}) != 200:
            return


@case(few=True, spans=2)
def audit_records(attack):
    """Forms and bodies with long parameters that fail, each of which leaves a record."""
    padding = 'x' * 900_000
    while attack.going:
        if attack.call('POST', '/', form(Action='GetUser', UserName='nobody', Padding=padding), service='iam', headers=FORM) is None:
            return
        attack.call('POST', '/policies/' + 'n' * 100, json.dumps({'policyDocument': padding}))
