"""MQTT packets as bytes, and a client that sends whatever bytes it is given."""
import collections
import socket
import ssl
import struct

REFUSED = 0x80
NAMES = {2: 'CONNACK', 4: 'PUBACK', 5: 'PUBREC', 6: 'PUBREL', 7: 'PUBCOMP', 9: 'SUBACK', 11: 'UNSUBACK', 14: 'DISCONNECT'}


def text(value):
    data = value if isinstance(value, bytes) else value.encode()
    return struct.pack('!H', len(data)) + data


def variable(number):
    """A Variable Byte Integer (MQTT 5, 1.5.5)."""
    data = bytearray()
    while True:
        number, digit = number >> 7, number & 127
        data.append(digit | (128 if number else 0))
        if not number:
            return bytes(data)


def packet(first, body):
    return bytes([first]) + variable(len(body)) + body


def properties(*encoded):
    data = b''.join(encoded)
    return variable(len(data)) + data


def user_property(name, value):
    return b'\x26' + text(name) + text(value)


def session_expiry(seconds):
    return b'\x11' + struct.pack('!I', seconds)


def connect(client_id, version=5, clean=True, props=b'', will=None, keep_alive=0):
    """will: (topic, payload, encoded properties), QoS 0 and not retained."""
    flags = (2 if clean else 0) | (4 if will else 0)
    body = text('MQTT') + bytes([version, flags]) + struct.pack('!H', keep_alive)
    if version == 5:
        body += properties(props)
    body += text(client_id)
    if will:
        topic, payload, will_props = will
        body += (properties(will_props) if version == 5 else b'') + text(topic) + text(payload)
    return packet(0x10, body)


def publish(topic, payload=b'', qos=0, packet_id=1, retain=False, props=b'', version=5):
    body = text(topic) + (struct.pack('!H', packet_id) if qos else b'')
    if version == 5:
        body += properties(props)
    return packet(0x30 | qos << 1 | retain, body + payload)


def subscribe(filters, packet_id=1, options=0, props=b'', version=5):
    body = struct.pack('!H', packet_id) + (properties(props) if version == 5 else b'')
    return packet(0x82, body + b''.join(text(one) + bytes([options]) for one in filters))


class Closed(Exception):
    """The gateway ended the connection."""


class Client:
    """One connection. Nothing is read but by read(), so that what is unread stays in the gateway."""

    def __init__(self, host, port, source, timeout, context=None, receive_buffer=None):
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(timeout)
        self.version = 5
        self.buffer = b''
        try:
            self.socket.bind((source, 0))
            self.socket.connect((host, port))
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if context:
                self.socket = context.wrap_socket(self.socket, server_hostname='localhost')
        except OSError as e:
            self.socket.close()
            raise Closed(str(e)) from e

    def close(self):
        self.socket.close()

    def send(self, data):
        """False: the gateway does not read, which is how it refuses whoever sends too much."""
        try:
            self.socket.sendall(data)
            return True
        except TimeoutError:
            return False
        except (OSError, ssl.SSLError) as e:
            raise Closed(str(e)) from e

    def _fill(self, size):
        while len(self.buffer) < size:
            try:
                data = self.socket.recv(65536)
            except TimeoutError:
                return False
            except (OSError, ssl.SSLError) as e:
                raise Closed(str(e)) from e
            if not data:
                raise Closed('end of stream')
            self.buffer += data
        return True

    def read(self):
        """The next packet's type and body, None if none comes in time."""
        size, shift, at = 0, 0, 1
        while True:
            if not self._fill(at + 1):
                return None
            digit = self.buffer[at]
            size |= (digit & 127) << shift
            shift += 7
            at += 1
            if digit < 128:
                break
        if not self._fill(at + size):
            return None
        first, body = self.buffer[0], self.buffer[at:at + size]
        self.buffer = self.buffer[at + size:]
        return first >> 4, body

    def reasons(self, kind, body):
        """The reason codes of an answer."""
        if kind == 2:
            return [body[1] if self.version == 5 or body[1] == 0 else REFUSED + body[1]]
        if kind in (9, 11):
            if self.version != 5:
                return body[2:]
            # The properties' length takes one byte unless there are many.
            return body[3 + body[2]:]
        if kind in (4, 5, 6, 7):
            return [body[2] if len(body) > 2 else 0]
        if kind == 14:
            return [body[0] if body else 0]
        return []


def tally(client, kind, body):
    """How often each (name, reason) stands in an answer."""
    return collections.Counter((NAMES[kind], reason) for reason in client.reasons(kind, body)) if kind in NAMES else {}
