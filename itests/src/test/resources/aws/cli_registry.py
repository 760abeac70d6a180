"""Things, types and groups, typed."""
from cli import aws
from stand import ARN, same


def things():
    same(aws("iot create-thing --thing-name lamp --attribute-payload '{\"attributes\": {\"room\": \"hall\"}}'"
             ' --query thingArn --output text'), ARN + 'thing/lamp')
    aws('iot update-thing --thing-name lamp --attribute-payload attributes={floor=1},merge=true --expected-version 1')
    same(aws('iot describe-thing --thing-name lamp --query [attributes,version,defaultClientId]'),
         [{'room': 'hall', 'floor': '1'}, 2, 'lamp'])
    same(aws('iot list-things --attribute-name room --attribute-value hall --query things[].thingName'), ['lamp'])
    aws.refused('VersionConflictException', 'iot delete-thing --thing-name lamp --expected-version 1')
    arn = aws('iot create-keys-and-certificate --query certificateArn --output text')
    aws(f'iot attach-thing-principal --thing-name lamp --principal {arn}')
    same(aws('iot list-thing-principals --thing-name lamp'), {'principals': [arn]})
    same(aws(f'iot list-principal-things --principal {arn}'), {'things': ['lamp']})
    aws(f'iot detach-thing-principal --thing-name lamp --principal {arn}')
    aws(f"iot delete-certificate --certificate-id {arn.split('/')[1]}")
    aws('iot delete-thing --thing-name lamp')
    aws.refused('ResourceNotFoundException', 'iot describe-thing --thing-name lamp')


def types():
    same(aws('iot create-thing-type --thing-type-name Bulb --thing-type-properties'
             ' thingTypeDescription=light,searchableAttributes=wattage,model --query thingTypeArn --output text'),
         ARN + 'thingtype/Bulb')
    same(aws('iot list-thing-types --query thingTypes[].thingTypeName'), ['Bulb'])
    aws('iot deprecate-thing-type --thing-type-name Bulb')
    same(aws('iot describe-thing-type --thing-type-name Bulb --query thingTypeMetadata.deprecated'), True)
    aws.refused('InvalidRequestException', 'iot delete-thing-type --thing-type-name Bulb')
    aws('iot deprecate-thing-type --thing-type-name Bulb --undo-deprecate')
    same(aws('iot describe-thing-type --thing-type-name Bulb --query thingTypeProperties'),
         {'thingTypeDescription': 'light', 'searchableAttributes': ['wattage', 'model']})


def groups():
    aws('iot create-thing-group --thing-group-name house')
    aws('iot create-thing-group --thing-group-name attic --parent-group-name house')
    aws('iot create-thing --thing-name lamp')
    aws('iot add-thing-to-thing-group --thing-name lamp --thing-group-name attic')
    same(aws('iot list-things-in-thing-group --thing-group-name house --recursive'), {'things': ['lamp']})
    same(aws('iot list-thing-groups-for-thing --thing-name lamp --query thingGroups[].groupName'), ['attic'])
    same(aws('iot list-thing-groups --query thingGroups[].groupName'), ['attic', 'house'])
    same(aws('iot update-thing-group --thing-group-name house --thing-group-properties thingGroupDescription=x'),
         {'version': 2})
    same(aws('iot describe-thing-group --thing-group-name house --query thingGroupProperties.thingGroupDescription'),
         'x')
    aws.refused('InvalidRequestException', 'iot delete-thing-group --thing-group-name house')
    aws('iot update-thing-groups-for-thing --thing-name lamp --thing-groups-to-add house'
        ' --thing-groups-to-remove attic')
    aws('iot remove-thing-from-thing-group --thing-name lamp --thing-group-name house')
    for name in ('attic', 'house'):
        aws(f'iot delete-thing-group --thing-group-name {name}')
    aws.refused('ResourceNotFoundException', 'iot describe-thing-group --thing-group-name house')

    arn = aws('iot create-billing-group --billing-group-name tenant --tags Key=floor,Value=1'
              ' --query billingGroupArn --output text')
    same(arn, ARN + 'billinggroup/tenant')
    aws('iot add-thing-to-billing-group --thing-name lamp --billing-group-name tenant')
    same(aws('iot list-things-in-billing-group --billing-group-name tenant'), {'things': ['lamp']})
    same(aws('iot update-billing-group --billing-group-name tenant --billing-group-properties'
             ' billingGroupDescription=x'), {'version': 2})
    same(aws('iot describe-billing-group --billing-group-name tenant --query billingGroupProperties'),
         {'billingGroupDescription': 'x'})
    same(aws('iot list-billing-groups --query billingGroups[].groupName'), ['tenant'])
    aws(f'iot tag-resource --resource-arn {arn} --tags Key=side,Value=left')
    aws(f'iot untag-resource --resource-arn {arn} --tag-keys floor')
    same(aws(f'iot list-tags-for-resource --resource-arn {arn}'), {'tags': [{'Key': 'side', 'Value': 'left'}]})
    aws('iot remove-thing-from-billing-group --thing-name lamp --billing-group-name tenant')
    aws('iot delete-billing-group --billing-group-name tenant')
    aws.refused('ResourceNotFoundException', 'iot describe-billing-group --billing-group-name tenant')
    aws('iot delete-thing --thing-name lamp')


def settings():
    role = 'arn:aws:iam::000000000000:role/r'
    aws(f'iot set-logging-options --logging-options-payload roleArn={role},logLevel=INFO')
    same(aws('iot get-logging-options'), {'roleArn': role, 'logLevel': 'INFO'})
    aws.refused('NotConfiguredException', 'iot get-v2-logging-options')
    aws(f'iot set-v2-logging-options --role-arn {role} --default-log-level WARN')
    same(aws('iot get-v2-logging-options --query defaultLogLevel'), 'WARN')
    aws('iot set-v2-logging-level --log-target targetType=THING_GROUP,targetName=g --log-level DEBUG')
    same(aws('iot list-v2-logging-levels --query logTargetConfigurations[].logLevel'), ['DEBUG'])
    aws('iot delete-v2-logging-level --target-type THING_GROUP --target-name g')
    aws("iot update-event-configurations --event-configurations '{\"THING\": {\"Enabled\": true}}'")
    same(aws('iot describe-event-configurations --query eventConfigurations.THING'), {'Enabled': True})
    aws("iot update-event-configurations --event-configurations '{\"THING\": {\"Enabled\": false}}'")
    assert aws('iot describe-endpoint --endpoint-type iot:Data-ATS')['endpointAddress'].startswith('localhost:')
    aws.refused('InvalidRequestException', 'iot describe-endpoint --endpoint-type iot:None')
    aws.refused('NotImplementedException', 'iot list-jobs')
