"""Rules, destinations, shadows, messages and the audit trail, typed."""
import base64

from cli import aws, read, write
from hook import Hook, hook
from stand import ARN, rule, same, until


def rules():
    write('rule.json', rule())
    create = 'iot create-topic-rule --rule-name hot --topic-rule-payload file://rule.json'
    aws(create)
    aws.refused('ResourceAlreadyExistsException', create)
    write('bad.json', rule(sql='SELEC'))
    aws.refused('SqlParseException', 'iot create-topic-rule --rule-name bad --topic-rule-payload file://bad.json')
    found = aws('iot get-topic-rule --rule-name hot')
    same((found['ruleArn'], found['rule']['actions']), (ARN + 'rule/hot', rule()['actions']))
    aws('iot disable-topic-rule --rule-name hot')
    same(aws('iot list-topic-rules --rule-disabled --query rules[].[ruleName,topicPattern]'), [['hot', 'in/+']])
    aws('iot enable-topic-rule --rule-name hot')
    write('rule.json', rule('out/+'))
    aws('iot replace-topic-rule --rule-name hot --topic-rule-payload file://rule.json')
    same(aws('iot get-topic-rule --rule-name hot --query rule.[sql,ruleDisabled]'), [rule('out/+')['sql'], False])
    aws('iot delete-topic-rule --rule-name hot')
    aws.refused('UnauthorizedException', 'iot get-topic-rule --rule-name hot')


def destinations():
    url = hook()
    aws.refused('InvalidRequestException', 'iot create-topic-rule-destination --destination-configuration'
                ' httpUrlConfiguration={confirmationUrl=https://evil.example/}')
    arn = aws('iot create-topic-rule-destination --destination-configuration'
              f' httpUrlConfiguration={{confirmationUrl={url}}} --query topicRuleDestination.arn --output text')
    same(aws('iot list-topic-rule-destinations --query destinationSummaries[].[arn,status]'), [[arn, 'IN_PROGRESS']])
    token = Hook.asked.get(timeout=20)[2]['confirmationToken']
    aws(f'iot confirm-topic-rule-destination --confirmation-token={token}')
    same(aws(f'iot get-topic-rule-destination --arn {arn} --query topicRuleDestination'
             '.[status,httpUrlProperties.confirmationUrl]'), ['ENABLED', url])
    aws(f'iot update-topic-rule-destination --arn {arn} --status DISABLED')
    aws(f'iot delete-topic-rule-destination --arn {arn}')
    aws.refused('UnauthorizedException', f'iot get-topic-rule-destination --arn {arn}')


def data():
    write('wish.json', {'state': {'desired': {'on': True}}})
    update = 'iot-data update-thing-shadow --thing-name bulb --payload fileb://wish.json'
    aws(f'{update} out.json')
    same(read('out.json')['state'], {'desired': {'on': True}})
    aws(f'{update} --shadow-name moon out.json')
    aws('iot-data get-thing-shadow --thing-name bulb --shadow-name moon out.json')
    same(read('out.json')['version'], 1)
    same(aws('iot-data list-named-shadows-for-thing --thing-name bulb --query results'), ['moon'])
    write('late.json', {'state': {}, 'version': 9})
    aws.refused('ConflictException', update.replace('wish', 'late') + ' out.json')
    aws('iot-data delete-thing-shadow --thing-name bulb --shadow-name moon out.json')
    aws('iot-data delete-thing-shadow --thing-name bulb out.json')
    aws.refused('ResourceNotFoundException', 'iot-data get-thing-shadow --thing-name bulb out.json')
    aws("iot-data publish --topic 'said/a b' --qos 1 --cli-binary-format raw-in-base64-out --payload hello"
        ' --user-properties \'[{"a": "1"}]\' --content-type text/plain')
    aws(f"iot-data publish --topic said --payload {base64.b64encode(b'hello').decode()}")
    aws.refused('InvalidRequestException', "iot-data publish --topic 'a/#' --payload aA==")


def audit():
    aws.refused('ResourceNotFoundException', 'iot describe-thing --thing-name heard')
    lookup = ('cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=DescribeThing'
              ' --query Events[].CloudTrailEvent')
    until(lambda: any('"heard"' in event for event in aws(lookup)))
    aws.refused('InvalidMaxResultsException', 'cloudtrail lookup-events --no-paginate --max-results 51')
