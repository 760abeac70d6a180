"""The data plane: shadows and messages."""
import json
import os
import subprocess

from clients import client, iot, refused, second
from stand import allow, path, same, until

plane = client('iot-data')


def document(answer):
    return json.loads(answer['payload'].read())


def update(thing, state, **others):
    members = {name: others.pop(name) for name in ('version', 'clientToken') if name in others}
    return plane.update_thing_shadow(thingName=thing, payload=json.dumps({'state': state, **members}), **others)


def shadows():
    refused('ResourceNotFoundException', 404, plane.get_thing_shadow, thingName='bulb')
    answer = document(update('bulb', {'desired': {'on': True}, 'reported': {'on': False}}, clientToken='t'))
    same((answer['version'], answer['clientToken'], answer['state']['desired']), (1, 't', {'on': True}))
    assert answer['metadata']['desired']['on']['timestamp'] and answer['timestamp']
    found = document(plane.get_thing_shadow(thingName='bulb'))
    same(found['state'], {'desired': {'on': True}, 'reported': {'on': False}, 'delta': {'on': True}})
    refused('ConflictException', 409, update, 'ersion', thing='bulb', state={'desired': {}}, version=7)
    refused('InvalidRequestException', 400, plane.update_thing_shadow, thingName='bulb', payload=b'{')
    refused('RequestEntityTooLargeException', 413, update, thing='bulb', state={'desired': {'a': 'x' * 200_000}})
    refused('InvalidRequestException', 400, plane.get_thing_shadow, thingName='a b')
    same(document(plane.delete_thing_shadow(thingName='bulb'))['version'], 1)
    refused('ResourceNotFoundException', 404, plane.delete_thing_shadow, thingName='bulb')


def named():
    for name in ('sun', 'moon', 'star'):
        update('bulb', {'reported': {'of': name}}, shadowName=name)
    same(document(plane.get_thing_shadow(thingName='bulb', shadowName='moon'))['state'], {'reported': {'of': 'moon'}})
    page = plane.list_named_shadows_for_thing(thingName='bulb', pageSize=2)
    same((len(page['results']), type(page['timestamp'])), (2, int))
    rest = plane.list_named_shadows_for_thing(thingName='bulb', pageSize=2, nextToken=page['nextToken'])
    same(sorted(page['results'] + rest['results']), ['moon', 'star', 'sun'])
    assert 'nextToken' not in rest
    same(second('iot-data').list_named_shadows_for_thing(thingName='bulb')['results'], [])
    refused('InvalidRequestException', 400, plane.list_named_shadows_for_thing, thingName='bulb', pageSize=101)
    for name in page['results'] + rest['results']:
        plane.delete_thing_shadow(thingName='bulb', shadowName=name)


def publishing():
    """A device hears each message with all that the client has sent along."""
    made = iot.create_keys_and_certificate(setAsActive=True)
    for name, content in (('device.pem', made['certificatePem']), ('device.key', made['keyPair']['PrivateKey'])):
        with open(path(name), 'w', encoding='ascii') as file:
            file.write(content)
    iot.create_policy(policyName='listener', policyDocument=allow('iot:*'))
    iot.attach_policy(policyName='listener', target=made['certificateArn'])
    command = ['mosquitto_sub', '-h', 'localhost', '-p', os.environ['GATEHOUSE_MQTTS_PORT'], '--cafile',
               os.environ['AWS_CA_BUNDLE'], '--cert', path('device.pem'), '--key', path('device.key'), '-V', 'mqttv5',
               '-i', 'listener', '-q', '1', '-t', 'said/#', '-W', '30', '-F', '%t|%p|%q|%C|%R|%D|%F|%P']
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as listener:
        # Kept for whoever comes later, so that it does not matter when the listener is there.
        plane.publish(topic='said/a b/\u00fc', qos=1, retain=True, payload=b'plain')
        plane.publish(topic='said/all', qos=1, retain=True, payload=b'{}', contentType='text/x', responseTopic='back',
                      correlationData='aWQtNw==', payloadFormatIndicator='UTF8_DATA', messageExpiry=3600,
                      userProperties=[{'one': '1'}, {'two': '2'}])
        heard = sorted(listener.stdout.readline().rstrip('\n').split('|') for _ in range(2))
        listener.terminate()
    same(heard[0], ['said/a b/\u00fc', 'plain', '1', '', '', '', '', ''])
    same(heard[1], ['said/all', '{}', '1', 'text/x', 'back', 'id-7', '1', 'one:1 two:2'])
    for topic in ('said/all', 'said/a b/\u00fc'):
        plane.publish(topic=topic, retain=True, payload=b'')
    refused('InvalidRequestException', 400, plane.publish, topic='a/+', payload=b'x')
    refused('InvalidRequestException', 400, plane.publish, 'qos', topic='a', qos=3, payload=b'x')
    refused('InvalidRequestException', 400, plane.publish, topic='$aws/nobody', payload=b'x')
    refused('InvalidRequestException', 400, plane.publish, topic='a', userProperties='none', payload=b'x')
    refused('NotImplementedException', 501, plane.list_retained_messages, 'ListRetainedMessages')
    refused('NotImplementedException', 501, plane.get_retained_message, 'GetRetainedMessage', topic='said/all')
    iot.detach_policy(policyName='listener', target=made['certificateArn'])
    iot.delete_policy(policyName='listener')
    iot.update_certificate(certificateId=made['certificateId'], newStatus='INACTIVE')
    iot.delete_certificate(certificateId=made['certificateId'])
