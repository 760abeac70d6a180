"""Users, groups, roles, sessions and identities, typed."""
import json

from cli import CommandLine, aws, other, write
from stand import SECOND, allow, same, trust

ACCOUNT = 'arn:aws:iam::000000000000:'
READ_ONLY = 'arn:aws:iam::aws:policy/AWSIoTConfigReadOnlyAccess'


def person(key, secret='SecretAccessKey'):
    return CommandLine((key['AccessKeyId'], key[secret], *([key['SessionToken']] if 'SessionToken' in key else [])))


def grants(kind, name):
    """Managed and inline policies of a user, group or role."""
    who = f'--{kind}-name {name}'
    aws(f'iam attach-{kind}-policy {who} --policy-arn {READ_ONLY}')
    same(aws(f'iam list-attached-{kind}-policies {who} --query AttachedPolicies[].PolicyArn'), [READ_ONLY])
    aws(f'iam put-{kind}-policy {who} --policy-name inline --policy-document file://publish.json')
    same(aws(f'iam list-{kind}-policies {who} --query PolicyNames'), ['inline'])
    same(aws(f'iam get-{kind}-policy {who} --policy-name inline --query PolicyDocument'),
         json.loads(allow('iot:Publish')))
    aws.refused('DeleteConflict', f'iam delete-{kind} {who}')
    aws(f'iam delete-{kind}-policy {who} --policy-name inline')
    aws(f'iam detach-{kind}-policy {who} --policy-arn {READ_ONLY}')


def people():
    write('publish.json', allow('iot:Publish'))
    same(aws('iam create-user --user-name anna --query User.Arn --output text'), ACCOUNT + 'user/anna')
    aws.refused('EntityAlreadyExists', 'iam create-user --user-name anna')
    aws('iam update-user --user-name anna --new-user-name ann')
    same(aws('iam get-user --user-name ann --query User.UserName'), 'ann')
    assert 'ann' in aws('iam list-users --query Users[].UserName')
    key = aws('iam create-access-key --user-name ann --query AccessKey')
    ann = person(key)
    ann.refused('UnauthorizedException', 'iot list-things')
    ann.refused('AccessDenied', 'iam list-users')
    same(ann('sts get-caller-identity --query Arn'), ACCOUNT + 'user/ann')
    identifier = f"--access-key-id {key['AccessKeyId']}"
    same(aws(f'iam get-access-key-last-used {identifier} --query UserName'), 'ann')
    aws(f'iam update-access-key --user-name ann {identifier} --status Inactive')
    same(aws('iam list-access-keys --user-name ann --query AccessKeyMetadata[].Status'), ['Inactive'])
    aws(f'iam delete-access-key --user-name ann {identifier}')
    grants('user', 'ann')

    aws('iam create-group --group-name crew')
    aws('iam update-group --group-name crew --new-group-name team')
    aws('iam add-user-to-group --group-name team --user-name ann')
    same(aws('iam get-group --group-name team --query Users[].UserName'), ['ann'])
    same(aws('iam list-groups-for-user --user-name ann --query Groups[].GroupName'), ['team'])
    same(aws('iam list-groups --query Groups[].Arn'), [ACCOUNT + 'group/team'])
    aws('iam remove-user-from-group --group-name team --user-name ann')
    grants('group', 'team')
    aws('iam delete-group --group-name team')
    aws('iam delete-user --user-name ann')
    aws.refused('NoSuchEntity', 'iam get-user --user-name ann')


def managed():
    write('publish.json', allow('iot:Publish'))
    arn = aws('iam create-policy --policy-name p --policy-document file://publish.json --query Policy.Arn --output text')
    same(arn, ACCOUNT + 'policy/p')
    policy = f'--policy-arn {arn}'
    aws(f'iam create-policy-version {policy} --policy-document file://publish.json')
    aws(f'iam set-default-policy-version {policy} --version-id v2')
    same(aws(f'iam get-policy {policy} --query Policy.DefaultVersionId'), 'v2')
    same(aws(f'iam get-policy-version {policy} --version-id v1 --query PolicyVersion.Document'),
         json.loads(allow('iot:Publish')))
    same(aws(f'iam list-policy-versions {policy} --query Versions[?IsDefaultVersion].VersionId'), ['v2'])
    aws.refused('DeleteConflict', f'iam delete-policy-version {policy} --version-id v2')
    aws(f'iam delete-policy-version {policy} --version-id v1')
    same(aws('iam list-policies --scope Local --query Policies[].PolicyName'), ['p'])
    same(aws(f'iam list-entities-for-policy {policy} --query PolicyUsers'), [])
    aws(f'iam delete-policy {policy}')
    aws.refused('MalformedPolicyDocument', "iam create-policy --policy-name bad --policy-document '{}'")


def roles():
    write('publish.json', allow('iot:Publish'))
    write('trust.json', trust({'AWS': SECOND}))
    arn = aws('iam create-role --role-name visitors --assume-role-policy-document file://trust.json'
              ' --query Role.Arn --output text')
    same(arn, ACCOUNT + 'role/visitors')
    aws('iam update-role --role-name visitors --description d')
    same(aws('iam get-role --role-name visitors --query Role.Description'), 'd')
    aws('iam update-assume-role-policy --role-name visitors --policy-document file://trust.json')
    assert 'visitors' in aws('iam list-roles --query Roles[].RoleName')
    grants('role', 'visitors')
    taken = other()(f'sts assume-role --role-arn {arn} --role-session-name visit')
    same(taken['AssumedRoleUser']['Arn'], 'arn:aws:sts::000000000000:assumed-role/visitors/visit')
    person(taken['Credentials']).refused('UnauthorizedException', 'iot list-things')
    aws('iam delete-role --role-name visitors')
    aws.refused('NoSuchEntity', 'iam get-role --role-name visitors')


def identities():
    pool = aws('cognito-identity create-identity-pool --identity-pool-name house'
               ' --no-allow-unauthenticated-identities --query IdentityPoolId --output text')
    known = f'--identity-pool-id {pool}'
    aws.refused('NotAuthorizedException', f'cognito-identity get-id {known}')
    aws(f'cognito-identity update-identity-pool {known} --identity-pool-name home --allow-unauthenticated-identities')
    same(aws(f'cognito-identity describe-identity-pool {known} --query IdentityPoolName'), 'home')
    same(aws('cognito-identity list-identity-pools --max-results 9 --query IdentityPools[].IdentityPoolId'), [pool])
    write('trust.json', trust({'Federated': 'cognito-identity.amazonaws.com'}, 'sts:AssumeRoleWithWebIdentity'))
    aws('iam create-role --role-name strangers --assume-role-policy-document file://trust.json')
    role = ACCOUNT + 'role/strangers'
    aws(f'cognito-identity set-identity-pool-roles {known} --roles unauthenticated={role}')
    same(aws(f'cognito-identity get-identity-pool-roles {known} --query Roles'), {'unauthenticated': role})
    identity = aws(f'cognito-identity get-id {known} --query IdentityId --output text')
    got = aws(f'cognito-identity get-credentials-for-identity --identity-id {identity} --query Credentials')
    person(got, 'SecretKey').refused('UnauthorizedException', 'iot list-things')
    aws(f'cognito-identity delete-identity-pool {known}')
    aws('iam delete-role --role-name strangers')
    aws.refused('ResourceNotFoundException', f'cognito-identity describe-identity-pool {known}')
