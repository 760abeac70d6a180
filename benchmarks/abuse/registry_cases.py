"""Things, types, groups, tags, lists."""
import itertools
import json

from case import case

NUMBERS = itertools.count()


def call(attack, method, path, body=None, **named):
    return attack.call(method, path, json.dumps(body) if body is not None else b'', **named)


@case()
def names(attack):
    """Names, attributes and tags that are long and many."""
    for path, body in (('/things/' + 'x' * 4000, {}), ('/things/a', {'attributePayload': {'attributes': {f'k{n}': 'v' for n in range(60_000)}}}),
                       ('/things/a', {'attributePayload': {'attributes': {'k' * 400_000: 'v' * 400_000}}}),
                       ('/thing-types/a', {'thingTypeProperties': {'searchableAttributes': [f's{n}' for n in range(60_000)],
                                                                   'thingTypeDescription': 'd' * 300_000}}),
                       ('/thing-groups/a', {'thingGroupProperties': {'thingGroupDescription': 'd' * 900_000}}),
                       ('/thing-groups/a', {'tags': [{'Key': f'k{n}', 'Value': 'v'} for n in range(25_000)]}),
                       ('/thing-groups/a', {'parentGroupName': 'p' * 900_000}),
                       ('/tags', {'resourceArn': 'arn:aws:iot:us-east-1:000000000000:thinggroup/' + 'x' * 900_000, 'tags': []}),
                       ('/dynamic-thing-groups/a', {'queryString': 'x' * 900_000})):
        if not attack.going:
            return
        call(attack, 'POST', path, body)


@case()
def queries(attack):
    """Lists with page sizes, tokens and filters that do not fit."""
    for path, query in (('/things', 'maxResults=2147483647'), ('/things', 'maxResults=99999999999999999999'),
                        ('/things', 'nextToken=' + 'A' * 6000), ('/policies', 'marker=' + 'A' * 6000),
                        ('/things', '&'.join(f'maxResults={n}' for n in range(500))), ('/tags', 'resourceArn=' + 'a' * 6000),
                        ('/things', 'attributeName=' + '%25' * 2000)):
        if not attack.going:
            return
        attack.call('GET', path, query=query)


@case()
def things_many(attack):
    """Things with three long attributes, as many as are taken."""
    made = []
    while attack.going and len(made) < (600 if attack.clients == 1 else 40):
        name = f'abuse-{attack.number}-{next(NUMBERS)}'
        attributes = {f'k{n}': 'v' * 800 for n in range(3)}
        if call(attack, 'POST', f'/things/{name}', {'attributePayload': {'attributes': attributes}}) != 200:
            break
        made.append(name)
    attack.afterwards(lambda: [attack.gateway.api.call('DELETE', f'/things/{name}') for name in made])


@case()
def groups_nested(attack):
    """Groups within groups, as deep as they are taken."""
    made, parent = [], None
    while attack.going and len(made) < 100:
        name = f'abuse-{attack.number}-{next(NUMBERS)}'
        if call(attack, 'POST', f'/thing-groups/{name}', {'parentGroupName': parent} if parent else {}) != 200:
            break
        made.append(name)
        parent = name
    attack.afterwards(lambda: [attack.gateway.api.call('DELETE', f'/thing-groups/{name}') for name in reversed(made)])


@case()
def publish_calls(attack):
    """Publish over HTTPS with topics, properties and payloads that are long."""
    properties = json.dumps([{f'k{n}': 'v'} for n in range(300)])
    for path, query, body, headers in (
            (f'/topics/{attack.topic}', 'qos=1', b'x' * 1_000_000, {}), (f'/topics/{attack.topic}/' + 'a/' * 900 + 'a', 'qos=1', b'', {}),
            (f'/topics/{attack.topic}', 'contentType=' + 'x' * 5000 + '&qos=1', b'x', {}),
            (f'/topics/{attack.topic}', 'qos=1&responseTopic=' + 'x' * 5000, b'x', {}),
            (f'/topics/{attack.topic}', 'qos=1', b'x', {'x-amz-mqtt5-user-properties': properties}),
            (f'/topics/{attack.topic}', 'messageExpiry=99999999999999999999&qos=1', b'x', {})):
        for _ in range(10):
            if not attack.going:
                return
            attack.call('POST', path, body, query=query, headers=headers, service='iotdata')
