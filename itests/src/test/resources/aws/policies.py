"""Policies, what they are attached to, and what they allow."""
import json

from clients import client, iot, names, refused
from stand import ARN, allow, fresh, has, same


def versions():
    document = allow('iot:Connect')
    tags = [{'Key': 'floor', 'Value': '1'}]
    made = iot.create_policy(policyName='p', policyDocument=document, tags=tags)
    same(iot.list_tags_for_resource(resourceArn=made['policyArn'])['tags'], tags)
    has(made, policyName='p', policyArn=ARN + 'policy/p', policyDocument=document, policyVersionId='1')
    refused('ResourceAlreadyExistsException', 409, iot.create_policy, policyName='p', policyDocument=document)
    refused('MalformedPolicyException', 400, iot.create_policy, 'Effect', policyName='bad',
            policyDocument=allow('iot:Connect', effect='Perhaps'))
    found = has(iot.get_policy(policyName='p'), policyName='p', policyArn=made['policyArn'], policyDocument=document,
                defaultVersionId='1')
    fresh(found['creationDate'], found['lastModifiedDate'])
    assert found['generationId']

    wider = allow('iot:*')
    has(iot.create_policy_version(policyName='p', policyDocument=wider, setAsDefault=True), policyArn=made['policyArn'],
        policyDocument=wider, policyVersionId='2', isDefaultVersion=True)
    for _ in range(3):
        same(iot.create_policy_version(policyName='p', policyDocument=document)['isDefaultVersion'], False)
    refused('VersionsLimitExceededException', 409, iot.create_policy_version, policyName='p', policyDocument=document)
    listed = iot.list_policy_versions(policyName='p')['policyVersions']
    same([(v['versionId'], v['isDefaultVersion']) for v in listed],
         [(str(i), i == 2) for i in range(1, 6)])
    fresh(*(v['createDate'] for v in listed))
    iot.set_default_policy_version(policyName='p', policyVersionId='3')
    found = has(iot.get_policy_version(policyName='p', policyVersionId='2'), policyName='p', policyDocument=wider,
                policyArn=made['policyArn'], policyVersionId='2', isDefaultVersion=False)
    fresh(found['creationDate'], found['lastModifiedDate'])
    assert found['generationId']
    same(iot.get_policy(policyName='p')['policyDocument'], document)
    refused('DeleteConflictException', 409, iot.delete_policy_version, policyName='p', policyVersionId='3')
    refused('DeleteConflictException', 409, iot.delete_policy, policyName='p')
    for version in '1245':
        iot.delete_policy_version(policyName='p', policyVersionId=version)
    refused('ResourceNotFoundException', 404, iot.get_policy_version, policyName='p', policyVersionId='2')
    iot.delete_policy(policyName='p')
    refused('ResourceNotFoundException', 404, iot.get_policy, policyName='p')


def attachments():
    made = iot.create_keys_and_certificate(setAsActive=True)
    arn = made['certificateArn']
    for name, action in (('a', 'iot:Connect'), ('b', 'iot:Publish'), ('c', 'iot:Subscribe')):
        iot.create_policy(policyName=name, policyDocument=allow(action))
    same(names('list_policies', 'policies', 'policyName', size=2, ascendingOrder=True), ['a', 'b', 'c'])
    iot.attach_policy(policyName='a', target=arn)
    iot.attach_principal_policy(policyName='b', principal=arn)
    refused('ResourceNotFoundException', 404, iot.attach_policy, policyName='none', target=arn)
    refused('InvalidRequestException', 400, iot.attach_policy, policyName='a', target='somebody')
    both = [{'policyName': name, 'policyArn': ARN + 'policy/' + name} for name in 'ab']
    same(iot.list_attached_policies(target=arn)['policies'], both)
    same(iot.list_principal_policies(principal=arn, ascendingOrder=True)['policies'], both)
    same(iot.list_targets_for_policy(policyName='a')['targets'], [arn])
    same(iot.list_policy_principals(policyName='b')['principals'], [arn])
    same(iot.get_effective_policies(principal=arn)['effectivePolicies'],
         [{**policy, 'policyDocument': allow(action)} for policy, action in zip(both, ('iot:Connect', 'iot:Publish'))])
    refused('DeleteConflictException', 409, iot.delete_policy, policyName='a')
    iot.update_certificate(certificateId=made['certificateId'], newStatus='INACTIVE')
    refused('DeleteConflictException', 409, iot.delete_certificate, certificateId=made['certificateId'])
    authorization(arn)
    iot.detach_policy(policyName='a', target=arn)
    iot.detach_principal_policy(policyName='b', principal=arn)
    same(iot.list_attached_policies(target=arn)['policies'], [])
    for i in range(10):
        iot.create_policy(policyName=f'n{i}', policyDocument=allow('iot:Connect'))
        iot.attach_policy(policyName=f'n{i}', target=arn)
    # With retries boto3 takes this one for throttling.
    refused('LimitExceededException', 410, client(max_attempts=0).attach_policy, policyName='c', target=arn)
    iot.delete_certificate(certificateId=made['certificateId'], forceDelete=True)
    for name in ['a', 'b', 'c'] + [f'n{i}' for i in range(10)]:
        iot.delete_policy(policyName=name)


def authorization(arn):
    """Of somebody with a policy to connect and one to publish."""
    iot.create_policy(policyName='deny', policyDocument=allow('iot:Publish', ARN + 'topic/secret', 'Deny'))
    wanted = [{'actionType': 'PUBLISH', 'resources': [ARN + 'topic/open']},
              {'actionType': 'PUBLISH', 'resources': [ARN + 'topic/secret']},
              {'actionType': 'SUBSCRIBE', 'resources': [ARN + 'topicfilter/#']}]
    results = iot.test_authorization(principal=arn, clientId='lamp', authInfos=wanted, policyNamesToAdd=['deny'],
                                     policyNamesToSkip=['a'])['authResults']
    same([result['authDecision'] for result in results], ['ALLOWED', 'EXPLICIT_DENY', 'IMPLICIT_DENY'])
    same([result['authInfo'] for result in results], wanted)
    same(results[0]['allowed']['policies'], [{'policyName': 'b', 'policyArn': ARN + 'policy/b'}])
    same(results[1]['denied']['explicitDeny']['policies'], [{'policyName': 'deny', 'policyArn': ARN + 'policy/deny'}])
    same([p['policyName'] for p in results[2]['denied']['implicitDeny']['policies']], ['b', 'deny'])
    same(results[0]['missingContextValues'], [])
    refused('ResourceNotFoundException', 404, iot.test_authorization, principal=arn, authInfos=wanted,
            policyNamesToAdd=['none'])
    refused('InvalidRequestException', 400, iot.test_authorization, principal=arn, authInfos=[])
    assert json.loads(iot.get_policy(policyName='deny')['policyDocument'])['Statement'][0]['Effect'] == 'Deny'
    iot.delete_policy(policyName='deny')
