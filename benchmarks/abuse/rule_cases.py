"""Rules: statements and payloads that amplify, numbers of rules, loops."""
import itertools
import json

import wire
from case import case
from stand import ROLE

NUMBERS = itertools.count()


def rule(attack, sql, actions=None, version='2016-03-23'):
    """Makes a rule on the client's own topic; whether it was taken."""
    name = f'abuse_{attack.number}_{next(NUMBERS)}'
    body = {'sql': sql, 'awsIotSqlVersion': version,
            'actions': actions or [{'republish': {'topic': f'abuse/{attack.number}/out', 'roleArn': ROLE}}]}
    text = json.dumps(body)
    status = attack.call('POST', f'/rules/{name}', text)
    if status == 200:
        attack.afterwards(lambda: attack.gateway.api.call('DELETE', f'/rules/{name}'))
    return status == 200


def feed(attack, payload, count=50, qos=1):
    """Messages to the rules of this client."""
    client = attack.mqtt(f'abuse-{attack.number}-feed', timeout=15)
    data = wire.publish(f'{attack.topic}/in', payload, qos)
    for _ in range(count):
        if not client or not attack.going:
            return
        if not (attack.exchange(client, data, 1, len(payload)) if qos else attack.throw(client, data, len(payload))):
            return


@case(few=True)
def sql_doubling(attack):
    """SET @a = [... x 10], @b = [@a x 10] and so on, and the last one selected."""
    names = 'abcdefgh'
    parts = ['@a = [' + ','.join(['1'] * 10) + ']']
    parts += [f'@{name} = [' + ','.join([f'@{names[n]}'] * 10) + ']' for n, name in enumerate(names[1:])]
    if rule(attack, f'SET {", ".join(parts)} SELECT @h FROM \'{attack.topic}/in\'', version='beta'):
        feed(attack, b'{}')


@case(few=True)
def sql_repeated(attack):
    """One field of 900 kB selected 600 times."""
    fields = ', '.join(f's AS f{n}' for n in range(600))
    if rule(attack, f'SELECT {fields} FROM \'{attack.topic}/in\''):
        feed(attack, json.dumps({'s': 'x' * 900_000}).encode())


@case(few=True)
def sql_replace(attack):
    """regexp_replace(s, '', t) with both from the payload."""
    if rule(attack, f"SELECT regexp_replace(s, '', t) AS r FROM '{attack.topic}/in'"):
        feed(attack, json.dumps({'s': 'x' * 400_000, 't': 'y' * 400_000}).encode())


@case(few=True)
def sql_functions(attack):
    """Functions whose result is longer than what they are given, nested and with huge arguments."""
    for expression in ('concat(s, s, s, s, s, s, s, s, s, s)', "replace(s, 'x', s)", 'lpad(s, 1000000000)',
                       'rpad(s, 1000000000)', 'power(10, 1000000000)', 'cast(1e999999999 AS String)', 's + n',
                       'n + 1', 'n % 7', 'cast(n AS Int)', 'power(n, n)', 'mod(n, 3)', 'trunc(n, 1000000000)',
                       'round(n)', 'exp(100000)', 'encode(encode(encode(s, \'base64\'), \'base64\'), \'base64\')',
                       'chr(1e99)', 'numbytes(s)', "regexp_matches(s, '(x+x+)+y')", "regexp_substr(s, '(x|x|xx)*y')",
                       "regexp_replace(s, '(x*)*', '$0$0$0$0$0$0$0$0')", 'md5(s) + sha512(s)', 'parse_time(s, n)',
                       "parse_time('" + 'y' * 10_000 + "', 0)", 'substring(s, -1, 1e99)'):
        if not attack.going:
            return
        rule(attack, f"SELECT {expression} AS r FROM '{attack.topic}/in'")
    feed(attack, ('{"s":"' + 'x' * 200_000 + '","n":1e999999999}').encode(), 10)


@case()
def sql_backtracking(attack):
    """Regular expressions that backtrack, from the statement and from the payload."""
    rule(attack, f"SELECT regexp_matches(s, '(x+x+)+y') AS r FROM '{attack.topic}/in'")
    rule(attack, f"SELECT regexp_substr(s, p) AS r FROM '{attack.topic}/in'")
    rule(attack, f"SELECT * FROM '{attack.topic}/in' WHERE regexp_matches(s, '^(([x])+.)+y$')")
    feed(attack, json.dumps({'s': 'x' * 5000, 'p': '(x|xx|x?)*y'}).encode(), 50, qos=0)


@case()
def sql_patterns(attack):
    """Regular expressions of 900 kB from the payload, each another one."""
    if rule(attack, f"SELECT regexp_matches('x', p) AS r FROM '{attack.topic}/in'"):
        client = attack.mqtt(f'abuse-{attack.number}-feed', timeout=15)
        for number in range(300):
            pattern = f'{number}' + ('a|' * 450_000 if number % 2 else '[a-z]?' * 150_000)
            data = wire.publish(f'{attack.topic}/in', json.dumps({'p': pattern}).encode(), 1)
            if not client or not attack.going or not attack.exchange(client, data, 1, len(pattern)):
                return


@case()
def sql_statements(attack):
    """Statements that are long, deep or wide."""
    for sql in ('SELECT ' + '(' * 100_000 + '1' + ')' * 100_000 + " FROM 'a'", 'SELECT ' + '-' * 200_000 + "1 FROM 'a'",
                'SELECT ' + 'NOT ' * 100_000 + "TRUE FROM 'a'", 'SELECT ' + '[' * 100_000 + ']' * 100_000 + " FROM 'a'",
                'SELECT ' + ', '.join(f'a{n}' for n in range(50_000)) + " FROM 'a'", 'SELECT ' + '1+' * 200_000 + "1 FROM 'a'",
                'SELECT a' + '.a' * 100_000 + " FROM 'a'", "SELECT '" + 'x' * 900_000 + "' FROM 'a'",
                'SELECT ' + 'CASE WHEN ' * 30_000 + "1 FROM 'a'", "SELECT * FROM '" + 'a/' * 40_000 + "'",
                'SELECT ' + 'abs(' * 50_000 + '1' + ')' * 50_000 + " FROM 'a'", 'SELECT ' + '9' * 500_000 + " FROM 'a'",
                'SELECT 1e999999999 * 10 FROM \'a\'', 'SELECT * FROM (' * 20_000):
        if not attack.going:
            return
        rule(attack, sql)


@case()
def sql_templates(attack):
    """Templates of actions that come out long: topics, headers."""
    many = ''.join('${s}' for _ in range(200))
    rule(attack, f"SELECT * FROM '{attack.topic}/in'",
         [{'republish': {'topic': f'abuse/{attack.number}/{many}', 'roleArn': ROLE}}])
    rule(attack, f"SELECT * FROM '{attack.topic}/in'", [{'republish': {
        'topic': f'abuse/{attack.number}/out', 'roleArn': ROLE, 'headers': {
            'contentType': many, 'responseTopic': many,
            'userProperties': [{'key': many, 'value': many} for _ in range(100)]}}}])
    feed(attack, json.dumps({'s': 'x' * 900_000}).encode(), 20)


@case(few=True)
def rule_mailbox(attack):
    """Messages of 1 MB at QoS 0 to rules that take their time."""
    for _ in range(3):
        rule(attack, f"SELECT md5(md5(md5(s))) AS m, sha512(s) AS h, s FROM '{attack.topic}/in'")
    feed(attack, json.dumps({'s': 'x' * 900_000}).encode(), 400, qos=0)


@case()
def basic_ingest(attack):
    """Messages of 1 MB at QoS 0 to a rule by name, and to rules that are not there."""
    name = f'abuse_{attack.number}_ingest'
    text = json.dumps({'sql': 'SELECT md5(md5(s)) AS m, s', 'awsIotSqlVersion': '2016-03-23',
                       'actions': [{'republish': {'topic': f'{attack.topic}/out', 'roleArn': ROLE}}]})
    if attack.call('POST', f'/rules/{name}', text) == 200:
        attack.afterwards(lambda: attack.gateway.api.call('DELETE', f'/rules/{name}'))
    client = attack.mqtt(timeout=15)
    payload = json.dumps({'s': 'x' * 900_000}).encode()
    for number in range(400):
        target = name if number % 4 else f'absent{number}'
        if not client or not attack.going or not attack.throw(
                client, wire.publish(f'$aws/rules/{target}/a', payload), len(payload)):
            return


@case(few=True)
def rule_objects(attack):
    """Messages of 900 kB to rules that write each to a file, faster than the disk takes them."""
    for number in range(5 if attack.clients == 1 else 2):
        rule(attack, f"SELECT * FROM '{attack.topic}/in'", [{'s3': {
            'bucketName': 'abuse', 'key': f'{attack.number}/{number}/{action}', 'roleArn': ROLE}} for action in range(5)])
    feed(attack, json.dumps({'s': 'x' * 900_000}).encode(), 150, qos=0)


@case()
def rule_avalanche(attack):
    """A rule whose ten actions republish to its own topic: ten to the power of the hops."""
    action = {'republish': {'topic': f'{attack.topic}/in', 'roleArn': ROLE}}
    if rule(attack, f"SELECT * FROM '{attack.topic}/in'", [action] * 10):
        feed(attack, json.dumps({'s': 'x' * 1000}).encode(), 5, qos=0)


@case()
def rules_many(attack):
    """As many rules as are taken, all on one topic, and messages to it."""
    for _ in range(1000 if attack.clients == 1 else 60):
        if not attack.going or not rule(attack, f"SELECT * FROM '{attack.topic}/in'"):
            break
    feed(attack, b'{"a":1}', 20)


@case()
def rules_wide(attack):
    """Rules with statements of 100 kB."""
    fields = ', '.join(f'abs(a{n}) AS b{n}' for n in range(6_000))
    for _ in range(100):
        if not attack.going or not rule(attack, f"SELECT {fields} FROM '{attack.topic}/in'"):
            return
