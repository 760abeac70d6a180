"""Calls over HTTPS, signed by version 4 or by nobody, byte by byte where a case wants that."""
import datetime
import hashlib
import hmac
import json
import socket
import ssl
from urllib.parse import quote

REGION = 'us-east-1'


def mac(key, value):
    return hmac.new(key, value.encode(), hashlib.sha256).digest()


class Keys:
    """An access key."""

    def __init__(self, key_id, secret, token=None):
        self.key_id, self.secret, self.token = key_id, secret, token

    def sign(self, method, path, query, host, body, service, sent):
        """The headers that sign a request; of those that are sent anyway, x-amz-… must be signed too."""
        now = datetime.datetime.now(datetime.timezone.utc).strftime('%Y%m%dT%H%M%SZ')
        scope = f'{now[:8]}/{REGION}/{service}/aws4_request'
        also = {name.lower(): value for name, value in sent.items() if name.lower().startswith('x-amz')}
        headers = {**also, 'host': host, 'x-amz-date': now}
        if self.token:
            headers['x-amz-security-token'] = self.token
        names = ';'.join(sorted(headers))
        lines = ''.join(f'{name}:{headers[name]}\n' for name in sorted(headers))
        canonical_path = path if service == 's3' else quote(path, safe='/-_.~')
        canonical = f'{method}\n{canonical_path}\n{query}\n{lines}\n{names}\n{hashlib.sha256(body).hexdigest()}'
        to_sign = f'AWS4-HMAC-SHA256\n{now}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}'
        key = f'AWS4{self.secret}'.encode()
        for part in (now[:8], REGION, service, 'aws4_request'):
            key = mac(key, part)
        signature = mac(key, to_sign).hex()
        for name in ('host', *also):
            del headers[name]
        headers['Authorization'] = (f'AWS4-HMAC-SHA256 Credential={self.key_id}/{scope}, '
                                    f'SignedHeaders={names}, Signature={signature}')
        return headers


class Refused(Exception):
    """The connection could not be made, or ended without an answer."""


class Connection:
    """One connection to the API."""

    def __init__(self, port, context, source, timeout):
        self.host = f'localhost:{port}'
        self.buffer = b''
        plain = socket.socket()
        plain.settimeout(timeout)
        try:
            plain.bind((source, 0))
            plain.connect(('127.0.0.1', port))
            self.socket = context.wrap_socket(plain, server_hostname='localhost') if context else plain
        except OSError as e:
            plain.close()
            raise Refused(str(e)) from e

    def close(self):
        self.socket.close()

    def request(self, method, path, body=b'', query='', keys=None, service='iot', headers=None):
        """The bytes of a request."""
        lines = {'Host': self.host, 'Content-Length': str(len(body)), **(headers or {})}
        if keys:
            lines.update(keys.sign(method, path, query, self.host, body, service, headers or {}))
        head = f'{method} {path}{"?" + query if query else ""} HTTP/1.1\r\n'
        return head.encode() + ''.join(f'{n}: {v}\r\n' for n, v in lines.items()).encode() + b'\r\n' + body

    def send(self, data):
        """False: the gateway does not read."""
        try:
            self.socket.sendall(data)
            return True
        except TimeoutError:
            return False
        except (OSError, ssl.SSLError) as e:
            raise Refused(str(e)) from e

    def _more(self):
        try:
            data = self.socket.recv(65536)
        except (OSError, ssl.SSLError) as e:
            raise Refused(str(e)) from e
        if not data:
            raise Refused('end of stream')
        self.buffer += data

    def response(self):
        """Status and body of the next response; its body has a Content-Length."""
        while b'\r\n\r\n' not in self.buffer:
            self._more()
        head, self.buffer = self.buffer.split(b'\r\n\r\n', 1)
        lines = head.decode('latin-1').split('\r\n')
        status = int(lines[0].split(' ')[1])
        size = 0
        for line in lines[1:]:
            name, value = line.split(':', 1)
            if name.lower() == 'content-length':
                size = int(value)
        while len(self.buffer) < size:
            self._more()
        body, self.buffer = self.buffer[:size], self.buffer[size:]
        return status, body

    def call(self, *arguments, **named):
        """Sends a request and awaits its answer."""
        if not self.send(self.request(*arguments, **named)):
            raise Refused('not read')
        return self.response()


class Api:
    """Calls with an access key, each on a connection of its own."""

    def __init__(self, port, context, keys, source='127.0.0.1', timeout=10):
        self.port, self.context, self.keys, self.source, self.timeout = port, context, keys, source, timeout

    def connection(self):
        return Connection(self.port, self.context, self.source, self.timeout)

    def call(self, method, path, body=None, query='', service='iot', headers=None):
        """Status and answer; body is an object, text or bytes."""
        data = body if isinstance(body, bytes) else b'' if body is None else (
            body if isinstance(body, str) else json.dumps(body)).encode()
        connection = self.connection()
        try:
            return connection.call(method, path, data, query=query, keys=self.keys, service=service, headers=headers)
        finally:
            connection.close()

    def must(self, *arguments, **named):
        """The answer as an object, of a call that has to succeed."""
        status, body = self.call(*arguments, **named)
        if status >= 300:
            raise RuntimeError(f'{arguments[:2]}: {status} {body[:500]!r}')
        return json.loads(body) if body[:1] in (b'{', b'[') else body

    def iam(self, action, **parameters):
        form = '&'.join(f'{name}={quote(value, safe="")}' for name, value in
                        {'Action': action, 'Version': '2010-05-08', **parameters}.items())
        return self.must('POST', '/', form, service='iam',
                         headers={'Content-Type': 'application/x-www-form-urlencoded'})

    def cognito(self, operation, body):
        return self.must('POST', '/', body, service='cognito-identity', headers={
            'X-Amz-Target': f'AWSCognitoIdentityService.{operation}', 'Content-Type': 'application/x-amz-json-1.1'})
