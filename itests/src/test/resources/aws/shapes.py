"""Answers against the model that the client came with: no member it does not know, no value of another type."""
import json

from stand import SUCCEEDED

# Errors of any operation, which models leave out: who calls, how often, and what is not served.
COMMON = {'AccessDenied', 'AccessDeniedException', 'ThrottlingException', 'UnauthorizedException',
          'UnrecognizedClientException', 'NotImplementedException', 'ValidationError'}
# What AWS answers though no model says so.
BEYOND = {'Publish': ('message', 'traceId')}
TYPES = {'string': str, 'boolean': bool, 'integer': int, 'long': int, 'list': list, 'map': dict, 'structure': dict,
         'timestamp': (int, float), 'double': (int, float), 'float': (int, float), 'blob': str}


def flaws(shape, value, where=''):
    """What of a JSON value is not as its shape."""
    wanted = TYPES[shape.type_name]
    if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
        yield f'{where} is {value!r}, not a {shape.type_name}'
    elif shape.type_name == 'structure':
        known = {member.serialization.get('name', name): member for name, member in shape.members.items()}
        for name, member in value.items():
            if name not in known:
                yield f'{where}.{name} is not in the model'
            elif member is not None:
                yield from flaws(known[name], member, f'{where}.{name}')
        for name in shape.required_members:
            if name not in value:
                yield f'{where}.{name} is missing'
    elif shape.type_name == 'list':
        for i, element in enumerate(value):
            yield from flaws(shape.member, element, f'{where}[{i}]')
    elif shape.type_name == 'map':
        for key, element in value.items():
            yield from flaws(shape.value, element, f'{where}.{key}')
    elif shape.type_name == 'string' and shape.enum and value not in shape.enum:
        yield f'{where} is {value!r}, not one of {shape.enum}'


def answer(model, response):
    """That an answer is as the operation's model says; of XML the client's parser is trusted."""
    shape = model.output_shape
    if 'json' not in model.service_model.metadata['protocol'] or model.has_streaming_output:
        return
    body = json.loads(response.content or b'{}')
    if shape:
        found = list(flaws(shape, body, model.name))
    else:
        found = [f'{model.name} answers {name}' for name in body if name not in BEYOND.get(model.name, ())]
    assert not found, found


def error(model, response, parsed):
    """That an error is one of the operation, with the status of the model."""
    code = parsed['Error']['Code']
    modelled = {shape.metadata.get('error', {}).get('code', shape.name): shape for shape in model.error_shapes}
    assert code in modelled or code in COMMON, f'{model.name}: {code} is none of {sorted(modelled)}'
    if code in modelled:
        status = modelled[code].metadata.get('error', {}).get('httpStatusCode')
        assert status in (None, response.status_code), f'{model.name}: {code} has {response.status_code}, not {status}'


def note(http_response, parsed, model, **_):
    """Heard after each call: what has succeeded is noted, and what came is held against the model."""
    if http_response.status_code < 300:
        answer(model, http_response)
        SUCCEEDED.add(f'{model.service_model.service_name} {model.name}')
    else:
        error(model, http_response, parsed)
