"""Users, groups, roles and their policies, sessions of roles, and identities."""
import json

from clients import client, names, refused, second
from stand import SECOND, allow, fresh, has, same, trust

iam = client('iam')
sts = client('sts')
cognito = client('cognito-identity')
ACCOUNT = 'arn:aws:iam::000000000000:'
READ_ONLY = 'arn:aws:iam::aws:policy/AWSIoTConfigReadOnlyAccess'


def listed(operation, result, member=None, **arguments):
    return names(operation, result, member, service=iam, **arguments)


def grants(kind, name):
    """Managed and inline policies of a user, group or role."""
    who = {kind.title() + 'Name': name}

    def call(operation, **arguments):
        return getattr(iam, operation.replace('*', kind))(**who, **arguments)
    call('attach_*_policy', PolicyArn=READ_ONLY)
    same(call('list_attached_*_policies')['AttachedPolicies'],
         [{'PolicyName': 'AWSIoTConfigReadOnlyAccess', 'PolicyArn': READ_ONLY}])
    refused('NoSuchEntity', 404, getattr(iam, f'attach_{kind}_policy'), PolicyArn=ACCOUNT + 'policy/none', **who)
    call('put_*_policy', PolicyName='inline', PolicyDocument=allow('iot:Publish'))
    same(call('list_*_policies')['PolicyNames'], ['inline'])
    has(call('get_*_policy', PolicyName='inline'), PolicyName='inline', PolicyDocument=json.loads(allow('iot:Publish')),
        **who)
    refused('DeleteConflict', 409, getattr(iam, f'delete_{kind}'), **who)
    refused('MalformedPolicyDocument', 400, getattr(iam, f'put_{kind}_policy'), PolicyName='bad', PolicyDocument='{',
            **who)
    call('delete_*_policy', PolicyName='inline')
    refused('NoSuchEntity', 404, getattr(iam, f'get_{kind}_policy'), PolicyName='inline', **who)
    call('detach_*_policy', PolicyArn=READ_ONLY)
    refused('NoSuchEntity', 404, getattr(iam, f'detach_{kind}_policy'), PolicyArn=READ_ONLY, **who)


def people():
    made = has(iam.create_user(UserName='anna', Path='/staff/')['User'], UserName='anna', Path='/staff/',
               Arn=ACCOUNT + 'user/staff/anna')
    fresh(made['CreateDate'])
    assert made['UserId'].startswith('AIDA')
    refused('EntityAlreadyExists', 409, iam.create_user, UserName='anna')
    same(iam.get_user(UserName='anna')['User'], made)
    iam.update_user(UserName='anna', NewUserName='ann', NewPath='/')
    has(iam.get_user(UserName='ann')['User'], Arn=ACCOUNT + 'user/ann', UserId=made['UserId'])
    for name in ('bob', 'carl', 'dora'):
        iam.create_user(UserName=name)
    same(listed('list_users', 'Users', 'UserName'), ['admin', 'ann', 'bob', 'carl', 'dora'])

    key = has(iam.create_access_key(UserName='ann')['AccessKey'], UserName='ann', Status='Active')
    iam.create_access_key(UserName='ann')
    refused('LimitExceeded', 409, iam.create_access_key, UserName='ann')
    found = iam.list_access_keys(UserName='ann')['AccessKeyMetadata']
    same(len(found), 2)
    fresh(key['CreateDate'], found[0]['CreateDate'])
    secret = (key['AccessKeyId'], key['SecretAccessKey'])
    iam.attach_user_policy(UserName='ann', PolicyArn=READ_ONLY)
    ann = client('iot', secret)
    same(ann.list_things()['things'], [])
    refused('UnauthorizedException', 401, ann.create_thing, thingName='x')
    refused('AccessDenied', 403, client('iam', secret).list_users)
    used = iam.get_access_key_last_used(AccessKeyId=key['AccessKeyId'])
    same(used['UserName'], 'ann')
    has(used['AccessKeyLastUsed'], Region='us-east-1')
    fresh(used['AccessKeyLastUsed']['LastUsedDate'])
    iam.update_access_key(UserName='ann', AccessKeyId=key['AccessKeyId'], Status='Inactive')
    refused('UnrecognizedClientException', 403, ann.list_things)
    iam.detach_user_policy(UserName='ann', PolicyArn=READ_ONLY)
    for one in found:
        iam.delete_access_key(UserName='ann', AccessKeyId=one['AccessKeyId'])
    same(iam.list_access_keys(UserName='ann')['AccessKeyMetadata'], [])
    grants('user', 'ann')

    group = has(iam.create_group(GroupName='crew')['Group'], GroupName='crew', Path='/', Arn=ACCOUNT + 'group/crew')
    fresh(group['CreateDate'])
    iam.update_group(GroupName='crew', NewGroupName='team')
    iam.add_user_to_group(GroupName='team', UserName='ann')
    found = iam.get_group(GroupName='team')
    same((found['Group']['GroupId'], [u['UserName'] for u in found['Users']], found['IsTruncated']),
         (group['GroupId'], ['ann'], False))
    same([g['GroupName'] for g in iam.list_groups_for_user(UserName='ann')['Groups']], ['team'])
    same(listed('list_groups', 'Groups', 'GroupName'), ['team'])
    refused('NoSuchEntity', 404, iam.add_user_to_group, GroupName='none', UserName='ann')
    iam.remove_user_from_group(GroupName='team', UserName='ann')
    grants('group', 'team')
    iam.delete_group(GroupName='team')
    for name in ('ann', 'bob', 'carl', 'dora'):
        iam.delete_user(UserName=name)
    refused('NoSuchEntity', 404, iam.get_user, UserName='ann')


def managed():
    document = json.loads(allow('iot:Publish'))
    made = has(iam.create_policy(PolicyName='p', PolicyDocument=allow('iot:Publish'), Description='d')['Policy'],
               PolicyName='p', Arn=ACCOUNT + 'policy/p', Path='/', DefaultVersionId='v1', AttachmentCount=0,
               IsAttachable=True)
    arn = made['Arn']
    fresh(made['CreateDate'], made['UpdateDate'])
    refused('EntityAlreadyExists', 409, iam.create_policy, PolicyName='p', PolicyDocument=allow('iot:Publish'))
    has(iam.create_policy_version(PolicyArn=arn, PolicyDocument=allow('iot:*'), SetAsDefault=True)['PolicyVersion'],
        VersionId='v2', IsDefaultVersion=True)
    found = has(iam.get_policy_version(PolicyArn=arn, VersionId='v1')['PolicyVersion'], VersionId='v1',
                IsDefaultVersion=False, Document=document)
    fresh(found['CreateDate'])
    iam.set_default_policy_version(PolicyArn=arn, VersionId='v1')
    has(iam.get_policy(PolicyArn=arn)['Policy'], DefaultVersionId='v1', Description='d')
    same(sorted(v['VersionId'] for v in iam.list_policy_versions(PolicyArn=arn)['Versions']), ['v1', 'v2'])
    refused('DeleteConflict', 409, iam.delete_policy_version, PolicyArn=arn, VersionId='v1')
    iam.delete_policy_version(PolicyArn=arn, VersionId='v2')
    same(listed('list_policies', 'Policies', 'PolicyName', Scope='Local'), ['p'])
    assert 'AWSIoTDataAccess' in listed('list_policies', 'Policies', 'PolicyName', Scope='AWS')
    iam.create_user(UserName='holder')
    iam.attach_user_policy(UserName='holder', PolicyArn=arn)
    holders = iam.list_entities_for_policy(PolicyArn=arn)
    same(([u['UserName'] for u in holders['PolicyUsers']], holders['PolicyRoles']), (['holder'], []))
    same(iam.get_policy(PolicyArn=arn)['Policy']['AttachmentCount'], 1)
    refused('DeleteConflict', 409, iam.delete_policy, PolicyArn=arn)
    iam.detach_user_policy(UserName='holder', PolicyArn=arn)
    iam.delete_user(UserName='holder')
    iam.delete_policy(PolicyArn=arn)
    refused('NoSuchEntity', 404, iam.get_policy, PolicyArn=arn)


def roles():
    document = trust({'AWS': SECOND})
    made = has(iam.create_role(RoleName='visitors', AssumeRolePolicyDocument=document, Description='d')['Role'],
               RoleName='visitors', Arn=ACCOUNT + 'role/visitors', Path='/', AssumeRolePolicyDocument=json.loads(document))
    fresh(made['CreateDate'])
    has(iam.get_role(RoleName='visitors')['Role'], RoleId=made['RoleId'], Description='d', MaxSessionDuration=3600)
    iam.update_role(RoleName='visitors', Description='e', MaxSessionDuration=7200)
    has(iam.get_role(RoleName='visitors')['Role'], Description='e', MaxSessionDuration=7200)
    assert 'visitors' in listed('list_roles', 'Roles', 'RoleName')
    refused('MalformedPolicyDocument', 400, iam.update_assume_role_policy, RoleName='visitors', PolicyDocument='{}')
    grants('role', 'visitors')
    iam.put_role_policy(RoleName='visitors', PolicyName='see', PolicyDocument=allow('iot:DescribeEndpoint'))
    taken = second('sts').assume_role(RoleArn=made['Arn'], RoleSessionName='visit', DurationSeconds=900)
    same(taken['AssumedRoleUser']['Arn'], 'arn:aws:sts::000000000000:assumed-role/visitors/visit')
    same(taken['AssumedRoleUser']['AssumedRoleId'], made['RoleId'] + ':visit')
    got = taken['Credentials']
    session = (got['AccessKeyId'], got['SecretAccessKey'], got['SessionToken'])
    client('iot', session).describe_endpoint()
    refused('UnauthorizedException', 401, client('iot', session).list_things)
    same(client('sts', session).get_caller_identity()['Account'], '000000000000')
    has(second('sts').get_caller_identity(), Account=SECOND)
    iam.update_assume_role_policy(RoleName='visitors', PolicyDocument=trust({'AWS': '000000000000'}))
    refused('AccessDenied', 403, second('sts').assume_role, RoleArn=made['Arn'], RoleSessionName='visit')
    has(sts.get_caller_identity(), Account='000000000000', Arn=ACCOUNT + 'user/admin')
    iam.delete_role_policy(RoleName='visitors', PolicyName='see')
    iam.delete_role(RoleName='visitors')
    refused('NoSuchEntity', 404, iam.get_role, RoleName='visitors')


def identities():
    made = has(cognito.create_identity_pool(IdentityPoolName='house', AllowUnauthenticatedIdentities=False),
               IdentityPoolName='house', AllowUnauthenticatedIdentities=False)
    pool = {'IdentityPoolId': made['IdentityPoolId']}
    refused('NotAuthorizedException', 400, cognito.get_id, **pool)
    cognito.update_identity_pool(IdentityPoolName='home', AllowUnauthenticatedIdentities=True, **pool)
    has(cognito.describe_identity_pool(**pool), IdentityPoolName='home', AllowUnauthenticatedIdentities=True)
    same(cognito.list_identity_pools(MaxResults=5)['IdentityPools'], [{**pool, 'IdentityPoolName': 'home'}])
    iam.create_role(RoleName='strangers', AssumeRolePolicyDocument=trust(
        {'Federated': 'cognito-identity.amazonaws.com'}, 'sts:AssumeRoleWithWebIdentity'))
    iam.put_role_policy(RoleName='strangers', PolicyName='p', PolicyDocument=allow('iot:Publish'))
    identity = cognito.get_id(**pool)['IdentityId']
    refused('InvalidIdentityPoolConfigurationException', 400, cognito.get_credentials_for_identity,
            IdentityId=identity)
    cognito.set_identity_pool_roles(Roles={'unauthenticated': ACCOUNT + 'role/strangers'}, **pool)
    same(cognito.get_identity_pool_roles(**pool)['Roles'], {'unauthenticated': ACCOUNT + 'role/strangers'})
    answer = cognito.get_credentials_for_identity(IdentityId=identity)
    same(answer['IdentityId'], identity)
    got = answer['Credentials']
    assert got['Expiration'].year >= 2024
    stranger = (got['AccessKeyId'], got['SecretKey'], got['SessionToken'])
    client('iot-data', stranger).publish(topic='a', payload=b'x')
    refused('UnauthorizedException', 401, client('iot', stranger).list_things)
    cognito.delete_identity_pool(**pool)
    refused('ResourceNotFoundException', 400, cognito.describe_identity_pool, **pool)
    iam.delete_role_policy(RoleName='strangers', PolicyName='p')
    iam.delete_role(RoleName='strangers')
