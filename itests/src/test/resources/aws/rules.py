"""Rules, and the destinations that they may send to."""
import os
import urllib.parse

from botocore.awsrequest import AWSRequest
from botocore.httpsession import URLLib3Session

from clients import client, iot, names, refused
from hook import Hook, hook
from stand import ARN, ENDPOINT, fresh, has, rule, same, until


def lifecycle():
    iot.create_topic_rule(ruleName='hot', topicRulePayload=rule(), tags='floor=1')
    same(iot.list_tags_for_resource(resourceArn=ARN + 'rule/hot')['tags'], [{'Key': 'floor', 'Value': '1'}])
    refused('ResourceAlreadyExistsException', 409, iot.create_topic_rule, ruleName='hot', topicRulePayload=rule())
    refused('SqlParseException', 400, iot.create_topic_rule, ruleName='bad',
            topicRulePayload=rule(sql="SELEC * FROM 'x'"))
    refused('InvalidRequestException', 400, iot.create_topic_rule, ruleName='a-b', topicRulePayload=rule())
    answer = iot.get_topic_rule(ruleName='hot')
    same(answer['ruleArn'], ARN + 'rule/hot')
    found = has(answer['rule'], ruleName='hot', ruleDisabled=False, **rule())
    fresh(found['createdAt'])
    for i in range(3):
        iot.create_topic_rule(ruleName=f'r{i}', topicRulePayload=rule('other', ruleDisabled=i == 1))
    same(names('list_topic_rules', 'rules', 'ruleName'), ['hot', 'r0', 'r1', 'r2'])
    same(names('list_topic_rules', 'rules', 'ruleName', topic='in/x'), ['hot'])
    same(names('list_topic_rules', 'rules', 'ruleName', ruleDisabled=True), ['r1'])
    listed = has(iot.list_topic_rules(maxResults=1)['rules'][0], ruleName='hot', ruleArn=ARN + 'rule/hot',
                 ruleDisabled=False, topicPattern='in/+')
    fresh(listed['createdAt'])
    refused('InvalidRequestException', 400, iot.list_topic_rules, 'nextToken', nextToken='?')
    iot.disable_topic_rule(ruleName='hot')
    same(iot.get_topic_rule(ruleName='hot')['rule']['ruleDisabled'], True)
    iot.enable_topic_rule(ruleName='hot')
    same(iot.get_topic_rule(ruleName='hot')['rule']['ruleDisabled'], False)
    iot.replace_topic_rule(ruleName='hot', topicRulePayload=rule('out/+'))
    has(iot.get_topic_rule(ruleName='hot')['rule'], createdAt=found['createdAt'], **rule('out/+'))
    refused('SqlParseException', 400, iot.replace_topic_rule, ruleName='hot', topicRulePayload=rule(sql='SELECT'))
    for name in ('hot', 'r0', 'r1', 'r2'):
        iot.delete_topic_rule(ruleName=name)
    for call in (iot.get_topic_rule, iot.enable_topic_rule, iot.disable_topic_rule, iot.delete_topic_rule):
        refused('UnauthorizedException', 401, call, ruleName='hot')


def delivers(url):
    action = {'url': url + '/${topic()}', 'confirmationUrl': url, 'headers': [{'key': 'x-floor', 'value': '${floor}'}]}
    payload = {'sql': "SELECT floor FROM 'hooked'", 'awsIotSqlVersion': '2016-03-23', 'actions': [{'http': action}]}
    iot.create_topic_rule(ruleName='hooked', topicRulePayload=payload)
    client('iot-data').publish(topic='hooked', qos=1, payload=b'{"floor":1,"t":2}')
    where, _, body = Hook.asked.get(timeout=20)
    same((where, body), ('/hook/hooked', {'floor': 1}))
    iot.delete_topic_rule(ruleName='hooked')


def destinations():
    url = hook()

    def create(address):
        return iot.create_topic_rule_destination(
            destinationConfiguration={'httpUrlConfiguration': {'confirmationUrl': address}})['topicRuleDestination']
    refused('InvalidRequestException', 400, create, 'not allowed', address='https://evil.example/hook')
    same(iot.list_topic_rule_destinations()['destinationSummaries'], [])
    made = has(create(url), status='IN_PROGRESS', httpUrlProperties={'confirmationUrl': url})
    arn = made['arn']
    assert arn.startswith(ARN + 'ruledestination/http/'), arn
    fresh(made['createdAt'], made['lastUpdatedAt'])
    refused('ResourceAlreadyExistsException', 409, create, address=url)
    where, kind, body = Hook.asked.get(timeout=20)
    has(body, arn=arn, messageType='DestinationConfirmation')
    same((where, kind), ('/hook?confirmationToken=' + urllib.parse.quote(body['confirmationToken']),
                         'DestinationConfirmation'))
    refused('InvalidRequestException', 400, iot.update_topic_rule_destination, 'confirmed', arn=arn, status='ENABLED')
    refused('InvalidRequestException', 400, iot.confirm_topic_rule_destination, 'token', confirmationToken='a/b')
    iot.confirm_topic_rule_destination(confirmationToken=body['confirmationToken'])
    has(iot.get_topic_rule_destination(arn=arn)['topicRuleDestination'], arn=arn, status='ENABLED',
        httpUrlProperties={'confirmationUrl': url})

    iot.update_topic_rule_destination(arn=arn, status='IN_PROGRESS')
    link = Hook.asked.get(timeout=20)[2]['enableUrl']
    unsigned = URLLib3Session(verify=os.environ['AWS_CA_BUNDLE'])
    same(unsigned.send(AWSRequest('GET', link).prepare()).status_code, 200)
    until(lambda: iot.get_topic_rule_destination(arn=arn)['topicRuleDestination']['status'] == 'ENABLED')
    delivers(url)
    answer = unsigned.send(AWSRequest('GET', ENDPOINT + '/confirmdestination/a').prepare())
    same((answer.status_code, answer.headers['x-amzn-ErrorType']), (400, 'InvalidRequestException'))
    iot.update_topic_rule_destination(arn=arn, status='DISABLED')
    listed, = iot.list_topic_rule_destinations(maxResults=5)['destinationSummaries']
    has(listed, arn=arn, status='DISABLED', httpUrlSummary={'confirmationUrl': url})
    fresh(listed['createdAt'], listed['lastUpdatedAt'])
    iot.delete_topic_rule_destination(arn=arn)
    refused('UnauthorizedException', 401, iot.get_topic_rule_destination, arn=arn)
    refused('UnauthorizedException', 401, iot.update_topic_rule_destination, arn=arn, status='DISABLED')
    refused('UnauthorizedException', 401, iot.delete_topic_rule_destination, arn=arn)
