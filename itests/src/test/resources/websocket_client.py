"""Paho on the HTTPS port: HOW VERSION HOST PORT CA CERTIFICATE KEY, HOW one of alpn, certificate, signed.

signed takes the access key from the environment. Publishes to itself, and prints what came.
"""
import datetime
import hashlib
import hmac
import os
import queue
import ssl
import sys
from urllib.parse import quote

import paho.mqtt.client as mqtt

how, version, host, port, ca, certificate, key = sys.argv[1:]
LIMIT = 20


def signed_path(secret):
    now = datetime.datetime.now(datetime.timezone.utc)
    date, time = now.strftime('%Y%m%d'), now.strftime('%Y%m%dT%H%M%SZ')
    region = os.environ['AWS_DEFAULT_REGION']
    scope = f'{date}/{region}/iotdevicegateway/aws4_request'
    query = '&'.join(f'{name}={quote(value, safe="")}' for name, value in (
        ('X-Amz-Algorithm', 'AWS4-HMAC-SHA256'),
        ('X-Amz-Credential', f'{os.environ["AWS_ACCESS_KEY_ID"]}/{scope}'),
        ('X-Amz-Date', time),
        ('X-Amz-SignedHeaders', 'host')))
    canonical = f'GET\n/mqtt\n{query}\nhost:{host}:{port}\n\nhost\n{hashlib.sha256(b"").hexdigest()}'
    to_sign = f'AWS4-HMAC-SHA256\n{time}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}'
    signing = f'AWS4{secret}'.encode()
    for part in (date, region, 'iotdevicegateway', 'aws4_request', to_sign):
        signing = hmac.new(signing, part.encode(), hashlib.sha256).digest()
    return f'/mqtt?{query}&X-Amz-Signature={signing.hex()}'


context = ssl.create_default_context(cafile=ca)
if how != 'signed' and how != 'forged':
    context.load_cert_chain(certificate, key)
client = mqtt.Client(f'web-{how}-{version}', protocol=mqtt.MQTTv5 if version == '5' else mqtt.MQTTv311,
                     transport='tcp' if how == 'alpn' else 'websockets')
if how == 'alpn':
    context.set_alpn_protocols(['x-amzn-mqtt-ca'])
elif how == 'certificate':
    client.ws_set_options(path='/mqtt')
else:
    client.ws_set_options(path=signed_path(os.environ['AWS_SECRET_ACCESS_KEY'] if how == 'signed' else 'guessed'))
client.tls_set_context(context)
connected, subscribed, messages = queue.Queue(), queue.Queue(), queue.Queue()
client.on_connect = lambda c, u, flags, code, *rest: connected.put(int(getattr(code, 'value', code)))
client.on_subscribe = lambda *rest: subscribed.put(True)
client.on_message = lambda c, u, message: messages.put(message)
client.connect(host, int(port), keepalive=30)
client.loop_start()
print('connected', connected.get(timeout=LIMIT))
client.subscribe(f'web/{how}', 1)
subscribed.get(timeout=LIMIT)
for size in (1, 100_000, 3):
    client.publish(f'web/{how}', b'x' * size, 2)
    print(len(messages.get(timeout=LIMIT).payload))
client.disconnect()
