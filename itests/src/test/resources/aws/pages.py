"""Tokens of pages: good for the operation and the filters that gave them, and for no other list.

An account of its own keeps what is created here out of the lists of the other parts.
"""
import functools
import os

from botocore import xform_name
from botocore.exceptions import ClientError

from clients import administrator
from stand import allow, same, trust

TOKENS = ('nextToken', 'marker', 'Marker', 'NextToken')
REFUSALS = ('InvalidRequestException', 'ValidationError', 'InvalidParameterException', 'InvalidNextTokenException')

client = functools.partial(administrator, 'PAGES_')


def lists():
    """Of each service the operations that the gateway serves and that take a token: name, name of the token."""
    with open(os.path.join(os.path.dirname(__file__), 'operations.txt'), encoding='ascii') as file:
        lines = [line.split() for line in file if line.strip() and not line.startswith('#')]
    for service, *operations in lines:
        model = client(service).meta.service_model
        for operation in set(operations) & set(model.operation_names):
            shape = model.operation_model(operation).input_shape
            for token in TOKENS:
                if shape and token in shape.members:
                    yield service, operation, token


def tokens():
    iot, iam = client('iot'), client('iam')
    for name in ('page-a', 'page-b'):
        iot.create_thing(thingName=name)
        policy = iot.create_policy(policyName=name, policyDocument=allow('iot:Connect'))['policyArn']
    iot.create_thing_group(thingGroupName='page-g')
    iot.create_billing_group(billingGroupName='page-b')
    certificate = iot.create_keys_and_certificate(setAsActive=True)['certificateArn']
    iam.create_user(UserName='page-u')
    iam.create_group(GroupName='page-g')
    role = iam.create_role(RoleName='page-r', AssumeRolePolicyDocument=trust({'Service': 'iot.amazonaws.com'}))
    iot.set_v2_logging_options(roleArn=role['Role']['Arn'], defaultLogLevel='INFO')
    managed = iam.create_policy(PolicyName='page-p', PolicyDocument=allow('iot:*'))['Policy']['Arn']
    inputs = {'thingName': 'page-a', 'thingGroupName': 'page-g', 'billingGroupName': 'page-b', 'policyName': 'page-b',
              'principal': certificate, 'target': certificate, 'resourceArn': policy,
              'caCertificateId': '0' * 64, 'UserName': 'page-u', 'GroupName': 'page-g', 'RoleName': 'page-r',
              'PolicyArn': managed, 'MaxResults': 10}
    foreign = {'things': iot.list_things(maxResults=1)['nextToken'],
               'policies': iot.list_policies(pageSize=1)['nextMarker']}
    url = foreign['things'].replace('+', '-').replace('/', '_').rstrip('=')
    same(iot.list_things(maxResults=1, nextToken=url)['things'],
         iot.list_things(maxResults=1, nextToken=foreign['things'])['things'])
    tried = 0
    problems = []
    for service, operation, token in lists():
        maker = client(service)
        shape = maker.meta.service_model.operation_model(operation).input_shape
        needed = {name: inputs[name] for name in shape.required_members}
        for text in (foreign['policies' if operation == 'ListThings' else 'things'], 'cGFnZS1i', 'no token'):
            tried += 1
            try:
                getattr(maker, xform_name(operation))(**needed, **{token: text})
                problems.append(f'{service} {operation} takes {text}')
            except ClientError as e:
                if e.response['Error']['Code'] not in REFUSALS or 'oken' not in str(e) and 'arker' not in str(e):
                    problems.append(f'{service} {operation} {text}: {e}')
    same(problems, [])
    assert tried > 3 * 30, tried
