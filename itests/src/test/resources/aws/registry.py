"""Every operation of the registry: what is answered, and what is refused how."""
from concurrent.futures import ThreadPoolExecutor

from botocore.exceptions import ClientError

from clients import client, iot, names, raw, refused
from stand import ARN, ENDPOINT, same


def things():
    created = iot.create_thing(thingName='lamp', attributePayload={'attributes': {'room': 'hall', 'n': '1'}})
    same(created['thingArn'], ARN + 'thing/lamp')
    same(iot.create_thing(thingName='lamp', attributePayload={'attributes': {'room': 'hall', 'n': '1'}})['thingId'],
         created['thingId'])
    exists = refused('ResourceAlreadyExistsException', 409, iot.create_thing,
                     'Thing lamp already exists in account with different attributes', thingName='lamp')
    same(exists['resourceArn'], ARN + 'thing/lamp')
    described = iot.describe_thing(thingName='lamp')
    for name, value in dict(defaultClientId='lamp', thingName='lamp', thingId=created['thingId'], version=1,
                            thingArn=created['thingArn'], attributes={'room': 'hall', 'n': '1'}).items():
        same(described[name], value)
    refused('InvalidRequestException', 400, iot.create_thing, "'a b'", thingName='a b')
    refused('InvalidRequestException', 400, iot.create_thing, '3 attributes', thingName='many',
            attributePayload={'attributes': {str(i): 'x' for i in range(4)}})
    refused('InvalidRequestException', 400, iot.create_thing, '800', thingName='long',
            attributePayload={'attributes': {'a': 'x' * 801}})
    iot.update_thing(thingName='lamp', expectedVersion=1, attributePayload={'attributes': {'n': ''}, 'merge': True})
    same(iot.describe_thing(thingName='lamp')['attributes'], {'room': 'hall'})
    refused('VersionConflictException', 409, iot.update_thing, 'does not match the expected version',
            thingName='lamp', expectedVersion=1)
    refused('ResourceNotFoundException', 404, iot.update_thing, thingName='none')
    refused('ResourceNotFoundException', 404, iot.describe_thing, thingName='none')
    for i in range(7):
        iot.create_thing(thingName=f't{i}', attributePayload={'attributes': {'room': f'attic{i % 2}'}})
    same(names('list_things', 'things', 'thingName'), ['lamp'] + [f't{i}' for i in range(7)])
    same(names('list_things', 'things', 'thingName', attributeName='room', attributeValue='attic0'),
         ['t0', 't2', 't4', 't6'])
    same(names('list_things', 'things', 'thingName', attributeName='room', attributeValue='att',
               usePrefixAttributeValue=True), ['t0', 't2', 't4', 't6', 't1', 't3', 't5'])
    refused('InvalidRequestException', 400, iot.list_things, '1 to 250', maxResults=251)
    refused('InvalidRequestException', 400, iot.list_things, 'nextToken', nextToken='?')
    refused('VersionConflictException', 409, iot.delete_thing, thingName='lamp', expectedVersion=9)
    for name in ['lamp', 'lamp'] + [f't{i}' for i in range(7)]:
        iot.delete_thing(thingName=name)
    same(names('list_things', 'things'), [])


def principals():
    arns = sorted(iot.create_keys_and_certificate(setAsActive=True)['certificateArn'] for _ in range(2))
    iot.create_thing(thingName='lamp')
    iot.create_thing(thingName='oven')
    for arn in arns:
        iot.attach_thing_principal(thingName='lamp', principal=arn)
    iot.attach_thing_principal(thingName='oven', principal=arns[0])
    same(names('list_thing_principals', 'principals', thingName='lamp'), arns)
    same(names('list_principal_things', 'things', principal=arns[0]), ['lamp', 'oven'])
    same(raw('GET', '/things/oven/principals-v2')[2]['thingPrincipalObjects'],
         [{'principal': arns[0], 'thingPrincipalType': 'NON_EXCLUSIVE_THING'}])
    same(raw('GET', '/principals/things-v2', headers={'x-amzn-principal': arns[1]})[2]['principalThingObjects'],
         [{'thingName': 'lamp', 'thingPrincipalType': 'NON_EXCLUSIVE_THING'}])
    refused('ResourceNotFoundException', 404, iot.attach_thing_principal, thingName='lamp',
            principal=ARN + 'cert/' + '0' * 64)
    refused('InvalidRequestException', 400, iot.attach_thing_principal, 'ARN', thingName='lamp', principal='x')
    refused('InvalidRequestException', 400, iot.delete_thing, 'is still attached to one or more principals', thingName='lamp')
    for arn in arns:
        iot.detach_thing_principal(thingName='lamp', principal=arn)
    iot.detach_thing_principal(thingName='oven', principal=arns[0])
    iot.delete_thing(thingName='lamp')
    iot.delete_thing(thingName='oven')
    for arn in arns:
        certificate = arn.split('/')[1]
        iot.update_certificate(certificateId=certificate, newStatus='INACTIVE')
        iot.delete_certificate(certificateId=certificate)


def types():
    properties = {'thingTypeDescription': 'a light', 'searchableAttributes': ['wattage', 'model']}
    created = iot.create_thing_type(thingTypeName='Bulb', thingTypeProperties=properties)
    same(created['thingTypeArn'], ARN + 'thingtype/Bulb')
    same(iot.create_thing_type(thingTypeName='Bulb', thingTypeProperties=properties)['thingTypeId'],
         created['thingTypeId'])
    refused('ResourceAlreadyExistsException', 409, iot.create_thing_type, thingTypeName='Bulb')
    refused('InvalidRequestException', 400, iot.create_thing_type, 'searchable', thingTypeName='Much',
            thingTypeProperties={'searchableAttributes': list('abcd')})
    described = iot.describe_thing_type(thingTypeName='Bulb')
    same(described['thingTypeProperties'], properties)
    same(described['thingTypeMetadata']['deprecated'], False)
    assert described['thingTypeMetadata']['creationDate'].year >= 2024
    many = {f'a{i}': 'x' for i in range(48)}
    iot.create_thing(thingName='b1', thingTypeName='Bulb',
                     attributePayload={'attributes': {'wattage': '75', 'note': 'n', **many}})
    refused('InvalidRequestException', 400, iot.update_thing, '50 attributes', thingName='b1',
            attributePayload={'attributes': {'more': 'x'}, 'merge': True})
    iot.create_thing(thingName='b2', attributePayload={'attributes': {'wattage': '75'}})
    iot.update_thing(thingName='b2', thingTypeName='Bulb')
    same(iot.describe_thing(thingName='b2')['thingTypeName'], 'Bulb')
    same(names('list_things', 'things', 'thingName', thingTypeName='Bulb'), ['b1', 'b2'])
    same(names('list_things', 'things', 'thingName', thingTypeName='Bulb', attributeName='wattage',
               attributeValue='75'), ['b1', 'b2'])
    same(names('list_things', 'things', 'thingName', attributeName='note', attributeValue='n'), [])
    same(iot.list_things(thingTypeName='Bulb')['things'][1],
         dict(thingName='b2', thingTypeName='Bulb', thingArn=ARN + 'thing/b2', attributes={'wattage': '75'}, version=2))
    same(raw('PATCH', '/thing-types/Bulb', b'{"thingTypeProperties": {"thingTypeDescription": "new"}}')[0], 200)
    same(iot.describe_thing_type(thingTypeName='Bulb')['thingTypeProperties']['thingTypeDescription'], 'new')
    refused('InvalidRequestException', 400, iot.delete_thing_type, 'deprecated', thingTypeName='Bulb')
    iot.deprecate_thing_type(thingTypeName='Bulb')
    assert 'deprecationDate' in iot.describe_thing_type(thingTypeName='Bulb')['thingTypeMetadata']
    refused('InvalidRequestException', 400, iot.create_thing, 'deprecated', thingName='b3', thingTypeName='Bulb')
    refused('InvalidRequestException', 400, iot.delete_thing_type, 'five minutes', thingTypeName='Bulb')
    iot.deprecate_thing_type(thingTypeName='Bulb', undoDeprecate=True)
    iot.create_thing(thingName='b3', thingTypeName='Bulb')
    iot.update_thing(thingName='b3', removeThingType=True)
    assert 'thingTypeName' not in iot.describe_thing(thingName='b3')
    refused('ResourceNotFoundException', 404, iot.create_thing, thingName='b4', thingTypeName='None')
    refused('ResourceNotFoundException', 404, iot.describe_thing_type, thingTypeName='None')
    for name in 'ABCD':
        iot.create_thing_type(thingTypeName=name)
    same(names('list_thing_types', 'thingTypes', 'thingTypeName'), ['A', 'B', 'Bulb', 'C', 'D'])
    same(names('list_thing_types', 'thingTypes', 'thingTypeName', thingTypeName='C'), ['C'])
    for name in ('b1', 'b2', 'b3'):
        iot.delete_thing(thingName=name)


def groups():
    for name, parent in (('house', None), ('attic', 'house'), ('shelf', 'attic'), ('garden', None)):
        made = iot.create_thing_group(
            thingGroupName=name, thingGroupProperties={'thingGroupDescription': name},
            **({'parentGroupName': parent} if parent else {}))
        same(made['thingGroupArn'], ARN + 'thinggroup/' + name)
    described = iot.describe_thing_group(thingGroupName='shelf')
    same([g['groupName'] for g in described['thingGroupMetadata']['rootToParentThingGroups']], ['house', 'attic'])
    same(described['version'], 1)
    properties = {'thingGroupDescription': 'x', 'attributePayload': {'attributes': {'a': '1'}}}
    same(iot.update_thing_group(thingGroupName='shelf', expectedVersion=1, thingGroupProperties=properties)['version'], 2)
    same(iot.describe_thing_group(thingGroupName='shelf')['thingGroupProperties'], properties)
    refused('VersionConflictException', 409, iot.update_thing_group, thingGroupName='shelf', expectedVersion=1,
            thingGroupProperties={})
    same(names('list_thing_groups', 'thingGroups', 'groupName'), ['attic', 'garden', 'house', 'shelf'])
    same(names('list_thing_groups', 'thingGroups', 'groupName', recursive=False), ['garden', 'house'])
    same(names('list_thing_groups', 'thingGroups', 'groupName', parentGroup='house', recursive=True),
         ['attic', 'shelf'])
    same(names('list_thing_groups', 'thingGroups', 'groupName', namePrefixFilter='ga'), ['garden'])
    for i in range(5):
        iot.create_thing(thingName=f't{i}')
        iot.add_thing_to_thing_group(thingName=f't{i}', thingGroupName=('attic', 'shelf')[i % 2])
    iot.add_thing_to_thing_group(thingArn=ARN + 'thing/t0', thingGroupArn=ARN + 'thinggroup/garden')
    refused('InvalidRequestException', 400, iot.add_thing_to_thing_group, 'hierarchy', thingName='t0',
            thingGroupName='house')
    same(names('list_things_in_thing_group', 'things', thingGroupName='house'), [])
    same(names('list_things_in_thing_group', 'things', thingGroupName='house', recursive=True),
         [f't{i}' for i in range(5)])
    same(names('list_thing_groups_for_thing', 'thingGroups', 'groupName', thingName='t0'), ['attic', 'garden'])
    iot.update_thing_groups_for_thing(thingName='t0', thingGroupsToAdd=['shelf'], thingGroupsToRemove=['attic'])
    iot.remove_thing_from_thing_group(thingName='t0', thingGroupName='garden')
    same(names('list_thing_groups_for_thing', 'thingGroups', 'groupName', thingName='t0'), ['shelf'])
    refused('InvalidRequestException', 400, iot.delete_thing_group, 'still child groups attached',
            thingGroupName='house')
    for name in ('shelf', 'attic', 'house', 'garden', 'garden'):
        iot.delete_thing_group(thingGroupName=name)
    refused('ResourceNotFoundException', 404, iot.describe_thing_group, thingGroupName='shelf')
    for i in range(5):
        iot.delete_thing(thingName=f't{i}')


def billing():
    made = iot.create_billing_group(billingGroupName='b', tags=[{'Key': 'k', 'Value': 'v'}],
                                    billingGroupProperties={'billingGroupDescription': 'x'})
    same(made['billingGroupArn'], ARN + 'billinggroup/b')
    iot.create_thing(thingName='t', billingGroupName='b')
    same(iot.describe_thing(thingName='t')['billingGroupName'], 'b')
    same(names('list_things_in_billing_group', 'things', billingGroupName='b'), ['t'])
    same(iot.update_billing_group(billingGroupName='b', billingGroupProperties={})['version'], 2)
    same(iot.describe_billing_group(billingGroupName='b')['billingGroupProperties'], {'billingGroupDescription': 'x'})
    iot.create_billing_group(billingGroupName='c')
    iot.add_thing_to_billing_group(thingName='t', billingGroupName='c')
    same(iot.describe_thing(thingName='t')['billingGroupName'], 'c')
    same(names('list_billing_groups', 'billingGroups', 'groupName'), ['b', 'c'])
    iot.remove_thing_from_billing_group(thingName='t', billingGroupName='c')
    assert 'billingGroupName' not in iot.describe_thing(thingName='t')
    arn = made['billingGroupArn']
    iot.tag_resource(resourceArn=arn, tags=[{'Key': 'l', 'Value': 'caf\u00e9'}])
    iot.untag_resource(resourceArn=arn, tagKeys=['k'])
    same(iot.list_tags_for_resource(resourceArn=arn)['tags'], [{'Key': 'l', 'Value': 'caf\u00e9'}])
    refused('InvalidRequestException', 400, iot.tag_resource, resourceArn='x', tags=[{'Key': 'a', 'Value': ''}])
    refused('ResourceNotFoundException', 404, iot.list_tags_for_resource, resourceArn=ARN + 'billinggroup/none')
    for name in 'bc':
        iot.delete_billing_group(billingGroupName=name)
    iot.delete_thing(thingName='t')


def logging():
    role = 'arn:aws:iam::000000000000:role/r'
    iot.set_logging_options(loggingOptionsPayload={'roleArn': role, 'logLevel': 'INFO'})
    same(iot.get_logging_options()['logLevel'], 'INFO')
    refused('NotConfiguredException', 404, iot.get_v2_logging_options)
    iot.set_v2_logging_options(roleArn=role, defaultLogLevel='WARN')
    same(iot.get_v2_logging_options()['defaultLogLevel'], 'WARN')
    iot.set_v2_logging_level(logTarget={'targetType': 'THING_GROUP', 'targetName': 'g'}, logLevel='DEBUG')
    same(iot.list_v2_logging_levels()['logTargetConfigurations'],
         [{'logTarget': {'targetType': 'THING_GROUP', 'targetName': 'g'}, 'logLevel': 'DEBUG'}])
    iot.delete_v2_logging_level(targetType='THING_GROUP', targetName='g')
    same(iot.list_v2_logging_levels()['logTargetConfigurations'], [])
    refused('InvalidRequestException', 400, iot.set_v2_logging_options, 'LOUD', defaultLogLevel='LOUD')
    for kind in ('iot:Data', 'iot:Data-ATS', 'iot:CredentialProvider', 'iot:Jobs'):
        same('https://' + iot.describe_endpoint(endpointType=kind)['endpointAddress'], ENDPOINT)
    refused('InvalidRequestException', 400, iot.describe_endpoint, 'iot:None', endpointType='iot:None')


def events():
    off = {'Enabled': False}
    same(set(map(str, iot.describe_event_configurations()['eventConfigurations'].values())), {str(off)})
    iot.update_event_configurations(eventConfigurations={'THING': {'Enabled': True}})
    told = iot.describe_event_configurations()
    same(told['eventConfigurations']['THING'], {'Enabled': True})
    same(told['eventConfigurations']['THING_TYPE'], off)
    assert told['creationDate'] <= told['lastModifiedDate']
    refused('InvalidRequestException', 400, iot.update_event_configurations, 'JOB',
            eventConfigurations={'JOB': {'Enabled': True}})
    iot.update_event_configurations(eventConfigurations={'THING': off})


def wire():
    same(raw('POST', '/things/w1', b'{"unknown": {"a": [1]}, "thingTypeName": null}')[0], 200)
    for body, words in ((b'{', 'line 1'), (b'[]', 'object'), (b'{"attributePayload": 1}', 'attributePayload'),
                        (b'{"attributePayload": {"attributes": {"a": 1}}}', 'attributes.a'),
                        (b'{"thingTypeName": true}', 'thingTypeName'), (b'{"a": "\xff"}', 'JSON')):
        status, error, answer, request_id = raw('POST', '/things/w2', body)
        same((status, error), (400, 'InvalidRequestException'))
        assert words in answer['message'] and request_id, answer
    same(raw('GET', '/things/w2')[:2], (404, 'ResourceNotFoundException'))
    status, error, answer, _ = raw('GET', '/things/a%2Fb')
    same((status, error), (404, 'ResourceNotFoundException'))
    assert "'a/b'" in answer['message'], answer
    status, error, answer, request_id = raw('POST', '/dynamic-thing-groups/d', b'{"queryString": "*"}')
    same((status, error), (501, 'NotImplementedException'))
    assert 'CreateDynamicThingGroup' in answer['message'] and request_id, answer
    refused('NotImplementedException', 501, iot.list_jobs, 'ListJobs')
    same(raw('GET', '/nowhere')[:2], (404, 'ResourceNotFoundException'))
    same(raw('GET', '/things/w1', service='s3')[:2], (501, 'NotImplementedException'))
    iot.delete_thing(thingName='w1')


def throttling():
    """Six callers at once make twelve times as many calls as a second allows; all succeed, by retries."""
    iot.create_thing(thingName='busy')
    callers = [client(mode='standard', max_attempts=20) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda i: callers[i % 6].describe_thing(thingName='busy'), range(60)))
    same({answer['thingName'] for answer in answers}, {'busy'})
    assert sum(answer['ResponseMetadata']['RetryAttempts'] for answer in answers) > 0, 'nothing was throttled'
    alone = client(max_attempts=0)

    def once(_):
        try:
            alone.describe_thing(thingName='busy')
        except ClientError as e:
            return e.response['Error']['Code'], e.response['ResponseMetadata']['HTTPStatusCode']
    with ThreadPoolExecutor(6) as pool:
        told = set(pool.map(once, range(40)))
    assert told <= {None, ('ThrottlingException', 400)} and len(told) == 2, told
    iot.delete_thing(thingName='busy')
