"""What was called is looked up."""
import json

from clients import client, iot, refused
from stand import fresh, has, same, until

trail = client('cloudtrail')


def lookup():
    refused('ResourceNotFoundException', 404, iot.describe_thing, thingName='audited')

    def found():
        events = trail.lookup_events(
            LookupAttributes=[{'AttributeKey': 'EventName', 'AttributeValue': 'DescribeThing'}])['Events']
        return [event for event in events if '"audited"' in event['CloudTrailEvent']]
    event, = until(found)
    has(event, EventName='DescribeThing', EventSource='iot.amazonaws.com', Username='admin', ReadOnly='true')
    fresh(event['EventTime'])
    record = has(json.loads(event['CloudTrailEvent']), eventName='DescribeThing', recipientAccountId='000000000000',
                 requestParameters={'thingName': 'audited'}, errorCode='ResourceNotFoundException')
    same((record['userIdentity']['userName'], record['eventID']), ('admin', event['EventId']))
    page = trail.lookup_events(MaxResults=1)
    same(len(page['Events']), 1)
    assert trail.lookup_events(MaxResults=1, NextToken=page['NextToken'])['Events'] != page['Events']
    refused('InvalidLookupAttributesException', 400, trail.lookup_events,
            LookupAttributes=[{'AttributeKey': 'Nothing', 'AttributeValue': 'x'}])
    refused('InvalidMaxResultsException', 400, trail.lookup_events, MaxResults=51)
    refused('InvalidNextTokenException', 400, trail.lookup_events, NextToken='x')
