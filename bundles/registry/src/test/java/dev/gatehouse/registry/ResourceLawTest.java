package dev.gatehouse.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.testkit.InMemoryStore;
import dev.gatehouse.testkit.ResourceLaw;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rights are asked for what a call acts on, however the call spells that. */
final class ResourceLawTest {
  private static final String SAMPLES =
      """
      CreateThing path.thingName=new-thing body={'billingGroupName': '${billing}'}
      CreateThing path.thingName=${newthing} body={'thingTypeName': 'type'}
      DescribeThing path.thingName=${thing}
      UpdateThing path.thingName=${thing} body={'attributePayload': {'attributes': {'a': 'b'}}}
      DeleteThing path.thingName=${loose}
      ListThings
      CreateThingType path.thingTypeName=new-type body={}
      DescribeThingType path.thingTypeName=${type}
      UpdateThingType path.thingTypeName=${type} body={'thingTypeProperties': {'thingTypeDescription': 'x'}}
      DeprecateThingType path.thingTypeName=${type} body={}
      DeleteThingType path.thingTypeName=${oldtype}
      ListThingTypes
      CreateThingGroup path.thingGroupName=new-group body={}
      DescribeThingGroup path.thingGroupName=${group}
      UpdateThingGroup path.thingGroupName=${group} body={'thingGroupProperties': {'thingGroupDescription': 'x'}}
      DeleteThingGroup path.thingGroupName=${group}
      ListThingGroups
      AddThingToThingGroup body={'thingName': '${loose}', 'thingGroupName': '${group}'}
      AddThingToThingGroup body={'thingArn': 'arn:aws:iot:us-east-1:123456789012:thing/${loose}', 'thingGroupArn': 'arn:aws:iot:us-east-1:123456789012:thinggroup/${group}'}
      AddThingToThingGroup body={'thingName': '${loose}', 'thingArn': 'arn:aws:iot:us-east-1:123456789012:thing/${loose}', 'thingGroupName': '${group}', 'thingGroupArn': 'arn:aws:iot:us-east-1:123456789012:thinggroup/${group}'}
      RemoveThingFromThingGroup body={'thingName': '${thing}', 'thingGroupName': '${group}'}
      RemoveThingFromThingGroup body={'thingArn': 'arn:aws:iot:us-east-1:123456789012:thing/${thing}', 'thingGroupArn': 'arn:aws:iot:us-east-1:123456789012:thinggroup/${group}'}
      UpdateThingGroupsForThing body={'thingName': '${thing}', 'thingGroupsToAdd': ['${group}'], 'thingGroupsToRemove': ['${group}']}
      UpdateThingGroupsForThing body={'thingName': '${loose}', 'thingGroupsToAdd': ['other', '${group}']}
      ListThingsInThingGroup path.thingGroupName=${group}
      ListThingGroupsForThing path.thingName=${thing}
      CreateBillingGroup path.billingGroupName=new-billing body={}
      DescribeBillingGroup path.billingGroupName=${billing}
      UpdateBillingGroup path.billingGroupName=${billing} body={'billingGroupProperties': {'billingGroupDescription': 'x'}}
      DeleteBillingGroup path.billingGroupName=${billing}
      ListBillingGroups
      ListThingsInBillingGroup path.billingGroupName=${billing}
      AddThingToBillingGroup body={'thingName': '${loose}', 'billingGroupName': '${billing}'}
      AddThingToBillingGroup body={'thingArn': 'arn:aws:iot:us-east-1:123456789012:thing/${loose}', 'billingGroupArn': 'arn:aws:iot:us-east-1:123456789012:billinggroup/${billing}'}
      RemoveThingFromBillingGroup body={'thingName': '${thing}', 'billingGroupName': '${billing}'}
      AttachThingPrincipal path.thingName=thing header.x-amzn-principal=${cert}
      DetachThingPrincipal path.thingName=thing header.x-amzn-principal=${cert}
      ListThingPrincipals path.thingName=${thing}
      ListThingPrincipalsV2 path.thingName=${thing}
      ListPrincipalThings header.x-amzn-principal=${cert}
      ListPrincipalThingsV2 header.x-amzn-principal=${cert}
      TagResource body={'resourceArn': 'arn:aws:iot:us-east-1:123456789012:thinggroup/${group}', 'tags': [{'Key': 'a', 'Value': 'b'}]}
      TagResource body={'resourceArn': 'arn:aws:iot:us-east-1:123456789012:thingtype/${type}', 'tags': [{'Key': 'a', 'Value': 'b'}]}
      UntagResource body={'resourceArn': 'arn:aws:iot:us-east-1:123456789012:billinggroup/${billing}', 'tagKeys': ['k']}
      ListTagsForResource query.resourceArn=arn:aws:iot:us-east-1:123456789012:thinggroup/${group}
      GetLoggingOptions
      SetLoggingOptions body={'roleArn': 'arn:aws:iam::123456789012:role/r', 'logLevel': 'INFO'}
      SetV2LoggingOptions body={'roleArn': 'arn:aws:iam::123456789012:role/r', 'defaultLogLevel': 'INFO'}
      GetV2LoggingOptions
      SetV2LoggingLevel body={'logTarget': {'targetType': 'THING_GROUP', 'targetName': 'group'}, 'logLevel': 'INFO'}
      DeleteV2LoggingLevel query.targetType=THING_GROUP query.targetName=group
      ListV2LoggingLevels
      DescribeEventConfigurations
      UpdateEventConfigurations body={'eventConfigurations': {'THING': {'Enabled': true}}}
      """;

  private static ResourceLaw.Names names(String kind, String word) {
    String victim = "secrIKt-" + word;
    return new ResourceLaw.Names(
        word, victim, House.ACCOUNT.arn("iot", kind + "/" + victim).toString());
  }

  private static ResourceLaw.World world() {
    House house = new House();
    for (String prefix : List.of("", "secrIKt-")) {
      String secret = prefix.isEmpty() ? "plain" : "told-of-a-victim";
      house.type("CreateThingType", prefix + "type", described("thingType", secret));
      house.type("CreateThingType", prefix + "oldtype", described("thingType", secret));
      house.type("DeprecateThingType", prefix + "oldtype", "{}");
      house.group("CreateThingGroup", prefix + "group", described("thingGroup", secret));
      house.billing("CreateBillingGroup", prefix + "billing", described("billingGroup", secret));
      for (String thing : List.of("thing", "loose")) {
        house.thing(
            "CreateThing",
            prefix + thing,
            "{'attributePayload': {'attributes': {'secret': '" + secret + "'}}}");
      }
      String member = "{'thingName': '" + prefix + "thing', '";
      house.call("AddThingToThingGroup", member + "thingGroupName': '" + prefix + "group'}");
      house.call("AddThingToBillingGroup", member + "billingGroupName': '" + prefix + "billing'}");
    }
    house.clock.advance(Duration.ofMinutes(6));
    house.group("CreateThingGroup", "other", "");
    house.call("AttachThingPrincipal", House.principal("secrIKt-thing", House.TWO));
    house.call(
        "SetV2LoggingOptions",
        "{'roleArn': 'arn:aws:iam::123456789012:role/r', 'defaultLogLevel': 'INFO'}");
    return new World(
        house.registry.operations(),
        house.store,
        new Principal.User(House.ACCOUNT, "anna", "AIDA"),
        new HashMap<>(
            Map.of(
                "thing", names("thing", "thing"),
                "newthing", names("thing", "newthing"),
                "oldtype", names("thingtype", "oldtype"),
                "loose", names("thing", "loose"),
                "type", names("thingtype", "type"),
                "group", names("thinggroup", "group"),
                "billing", names("billinggroup", "billing"),
                "cert", new ResourceLaw.Names(House.ONE, House.TWO, House.TWO))),
        List.of("told-of-a-victim"));
  }

  private static String described(String kind, String text) {
    return "{'%sProperties': {'%sDescription': '%s'}}".formatted(kind, kind, text);
  }

  private record World(
      List<ApiOperation> operations,
      InMemoryStore store,
      Principal caller,
      Map<String, ResourceLaw.Names> names,
      List<String> secrets)
      implements ResourceLaw.World {}

  @Test
  void rightsAreAskedForWhatACallActsOnHoweverItIsSpelled() {
    assertThat(ResourceLaw.violations(ResourceLawTest::world, SAMPLES, 80, 1)).isEmpty();
  }
}
