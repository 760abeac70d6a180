"""Clients of boto3 that note what has succeeded, and how calls of theirs are refused."""
import json
import os

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.httpsession import URLLib3Session

import shapes
from stand import ENDPOINT

SESSION = boto3.session.Session()


def client(service='iot', credentials=None, **retries):
    """Of the account's administrator, or with access key, secret and token of somebody else."""
    known = dict(zip(('aws_access_key_id', 'aws_secret_access_key', 'aws_session_token'), credentials or ()))
    retries = retries or dict(mode='standard', max_attempts=15)
    made = SESSION.client(service, endpoint_url=ENDPOINT, **known,
                          config=Config(retries=retries, parameter_validation=False))
    made.meta.events.register('after-call', shapes.note)
    return made


def second(service='iot'):
    """A client of the second account's administrator."""
    return administrator('SECOND_', service)


def administrator(prefix, service='iot'):
    """A client of the administrator whose access key the environment has under the prefix."""
    return client(service, (os.environ[prefix + 'ACCESS_KEY_ID'], os.environ[prefix + 'SECRET_ACCESS_KEY']))


iot = client()


def raw(method, path, body=b'', headers=None, service='iot'):
    """What boto3 of this age has not, or would never send: status, error type, body, request id."""
    request = AWSRequest(method, ENDPOINT + path, data=body, headers=headers or {})
    SigV4Auth(SESSION.get_credentials(), service, 'us-east-1').add_auth(request)
    answer = URLLib3Session(verify=os.environ['AWS_CA_BUNDLE']).send(request.prepare())
    return (answer.status_code, answer.headers.get('x-amzn-ErrorType', ''),
            json.loads(answer.content), answer.headers.get('x-amzn-RequestId'))


def refused(code, status, call, /, *words, **arguments):
    """The call fails with a modelled error, whose message has the words. Returns its members."""
    try:
        answer = call(**arguments)
    except ClientError as e:
        got = (e.response['Error']['Code'], e.response['ResponseMetadata']['HTTPStatusCode'])
        assert got == (code, status), f'{got} {e}'
        for word in words:
            assert word in str(e), str(e)
        assert e.response['ResponseMetadata']['RequestId'], 'no request id'
        return e.response
    raise AssertionError(f'not refused: {answer}')


def names(operation, result, member=None, service=iot, size=3, **arguments):
    """Of all pages, a few entries at a time."""
    pages = service.get_paginator(operation).paginate(PaginationConfig={'PageSize': size}, **arguments)
    found = []
    for page in pages:
        assert len(page[result]) <= size
        found += [entry[member] if member else entry for entry in page[result]]
    return found
