package dev.gatehouse.itests;

import static dev.gatehouse.itests.SdkClients.ARN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import software.amazon.awssdk.services.iot.IotClient;
import software.amazon.awssdk.services.iot.model.AttributePayload;
import software.amazon.awssdk.services.iot.model.Configuration;
import software.amazon.awssdk.services.iot.model.CreateThingResponse;
import software.amazon.awssdk.services.iot.model.DescribeThingResponse;
import software.amazon.awssdk.services.iot.model.EventType;
import software.amazon.awssdk.services.iot.model.GroupNameAndArn;
import software.amazon.awssdk.services.iot.model.InvalidRequestException;
import software.amazon.awssdk.services.iot.model.LogLevel;
import software.amazon.awssdk.services.iot.model.LogTargetType;
import software.amazon.awssdk.services.iot.model.NotConfiguredException;
import software.amazon.awssdk.services.iot.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.iot.model.ResourceNotFoundException;
import software.amazon.awssdk.services.iot.model.Tag;
import software.amazon.awssdk.services.iot.model.ThingAttribute;
import software.amazon.awssdk.services.iot.model.ThingPrincipalType;
import software.amazon.awssdk.services.iot.model.VersionConflictException;

/** The registry by the SDK. */
final class SdkRegistry {
  private final IotClient iot;

  SdkRegistry(SdkClients clients) {
    this.iot = clients.iot;
  }

  static void assertFresh(Instant... times) {
    for (Instant time : times) {
      assertThat(time).isCloseTo(Instant.now(), Assertions.within(5, ChronoUnit.MINUTES));
    }
  }

  private static AttributePayload attributes(Map<String, String> attributes) {
    return AttributePayload.builder().attributes(attributes).merge(true).build();
  }

  void things() {
    CreateThingResponse made =
        iot.createThing(
            t -> t.thingName("lamp").attributePayload(attributes(Map.of("room", "hall"))));
    assertThat(made.thingArn()).isEqualTo(ARN + "thing/lamp");
    assertThatThrownBy(() -> iot.createThing(t -> t.thingName("lamp")))
        .isInstanceOfSatisfying(
            ResourceAlreadyExistsException.class,
            e -> assertThat(e.resourceArn()).isEqualTo(made.thingArn()));
    iot.updateThing(
        t ->
            t.thingName("lamp")
                .expectedVersion(1L)
                .attributePayload(attributes(Map.of("floor", "1"))));
    DescribeThingResponse found = iot.describeThing(t -> t.thingName("lamp"));
    assertThat(found.attributes()).isEqualTo(Map.of("room", "hall", "floor", "1"));
    assertThat(found.thingId()).isEqualTo(made.thingId());
    assertThat(found.version()).isEqualTo(2);
    assertThat(found.defaultClientId()).isEqualTo("lamp");
    assertThat(found.thingTypeName()).isNull();
    iot.createThing(t -> t.thingName("oven"));
    assertThat(iot.listThingsPaginator(t -> t.maxResults(1)).things())
        .extracting(ThingAttribute::thingName)
        .containsExactly("lamp", "oven");
    assertThatThrownBy(() -> iot.deleteThing(t -> t.thingName("lamp").expectedVersion(1L)))
        .isInstanceOf(VersionConflictException.class);
    principals();
    iot.deleteThing(t -> t.thingName("lamp"));
    iot.deleteThing(t -> t.thingName("oven"));
    assertThatThrownBy(() -> iot.describeThing(t -> t.thingName("lamp")))
        .isInstanceOf(ResourceNotFoundException.class)
        .hasMessageContaining("lamp");
  }

  private void principals() {
    var made = iot.createKeysAndCertificate(c -> c.setAsActive(false));
    String arn = made.certificateArn();
    iot.attachThingPrincipal(t -> t.thingName("lamp").principal(arn));
    assertThat(iot.listThingPrincipals(t -> t.thingName("lamp")).principals()).containsExactly(arn);
    assertThat(iot.listPrincipalThings(t -> t.principal(arn)).things()).containsExactly("lamp");
    var attached = iot.listThingPrincipalsV2(t -> t.thingName("lamp")).thingPrincipalObjects();
    assertThat(attached).hasSize(1);
    assertThat(attached.get(0).principal()).isEqualTo(arn);
    assertThat(attached.get(0).thingPrincipalType())
        .isEqualTo(ThingPrincipalType.NON_EXCLUSIVE_THING);
    var attachedTo = iot.listPrincipalThingsV2(t -> t.principal(arn)).principalThingObjects();
    assertThat(attachedTo).hasSize(1);
    assertThat(attachedTo.get(0).thingName()).isEqualTo("lamp");
    assertThatThrownBy(() -> iot.deleteThing(t -> t.thingName("lamp")))
        .isInstanceOf(InvalidRequestException.class);
    iot.detachThingPrincipal(t -> t.thingName("lamp").principal(arn));
    iot.deleteCertificate(c -> c.certificateId(made.certificateId()));
  }

  void types() {
    assertThat(
            iot.createThingType(
                    t ->
                        t.thingTypeName("Bulb")
                            .thingTypeProperties(
                                p -> p.thingTypeDescription("a").searchableAttributes("wattage")))
                .thingTypeArn())
        .isEqualTo(ARN + "thingtype/Bulb");
    iot.updateThingType(
        t -> t.thingTypeName("Bulb").thingTypeProperties(p -> p.thingTypeDescription("b")));
    var found = iot.describeThingType(t -> t.thingTypeName("Bulb"));
    assertThat(found.thingTypeProperties().thingTypeDescription()).isEqualTo("b");
    assertThat(found.thingTypeProperties().searchableAttributes()).containsExactly("wattage");
    assertThat(found.thingTypeMetadata().deprecated()).isFalse();
    assertFresh(found.thingTypeMetadata().creationDate());
    iot.deprecateThingType(t -> t.thingTypeName("Bulb"));
    var listed = iot.listThingTypesPaginator().thingTypes().stream().toList();
    assertThat(listed).hasSize(1);
    assertThat(listed.get(0).thingTypeName()).isEqualTo("Bulb");
    assertThat(listed.get(0).thingTypeMetadata().deprecated()).isTrue();
    assertFresh(listed.get(0).thingTypeMetadata().deprecationDate());
    assertThatThrownBy(() -> iot.deleteThingType(t -> t.thingTypeName("Bulb")))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("five minutes");
  }

  void groups() {
    iot.createThingGroup(g -> g.thingGroupName("house"));
    assertThat(
            iot.createThingGroup(g -> g.thingGroupName("attic").parentGroupName("house"))
                .thingGroupArn())
        .isEqualTo(ARN + "thinggroup/attic");
    iot.createThing(t -> t.thingName("lamp"));
    iot.addThingToThingGroup(g -> g.thingGroupName("attic").thingName("lamp"));
    assertThat(
            iot.listThingsInThingGroupPaginator(g -> g.thingGroupName("house").recursive(true))
                .things())
        .containsExactly("lamp");
    assertThat(iot.listThingGroupsForThing(g -> g.thingName("lamp")).thingGroups())
        .extracting(GroupNameAndArn::groupArn)
        .containsExactly(ARN + "thinggroup/attic");
    assertThat(iot.listThingGroupsPaginator(g -> g.maxResults(1)).thingGroups())
        .extracting(GroupNameAndArn::groupName)
        .containsExactly("attic", "house");
    assertThat(
            iot.updateThingGroup(
                    g ->
                        g.thingGroupName("attic")
                            .expectedVersion(1L)
                            .thingGroupProperties(p -> p.thingGroupDescription("x")))
                .version())
        .isEqualTo(2);
    var found = iot.describeThingGroup(g -> g.thingGroupName("attic"));
    assertThat(found.thingGroupProperties().thingGroupDescription()).isEqualTo("x");
    assertThat(found.thingGroupMetadata().parentGroupName()).isEqualTo("house");
    assertThat(found.thingGroupMetadata().rootToParentThingGroups())
        .extracting(GroupNameAndArn::groupName)
        .containsExactly("house");
    assertFresh(found.thingGroupMetadata().creationDate());
    iot.updateThingGroupsForThing(
        g -> g.thingName("lamp").thingGroupsToAdd("house").thingGroupsToRemove("attic"));
    iot.removeThingFromThingGroup(g -> g.thingName("lamp").thingGroupName("house"));
    assertThatThrownBy(() -> iot.deleteThingGroup(g -> g.thingGroupName("house")))
        .isInstanceOf(InvalidRequestException.class);
    List.of("attic", "house").forEach(name -> iot.deleteThingGroup(g -> g.thingGroupName(name)));
    assertThatThrownBy(() -> iot.describeThingGroup(g -> g.thingGroupName("house")))
        .isInstanceOf(ResourceNotFoundException.class);
    iot.deleteThing(t -> t.thingName("lamp"));
  }

  void billing() {
    Tag tag = Tag.builder().key("floor").value("1").build();
    String arn =
        iot.createBillingGroup(g -> g.billingGroupName("tenant").tags(tag)).billingGroupArn();
    assertThat(arn).isEqualTo(ARN + "billinggroup/tenant");
    iot.createThing(t -> t.thingName("lamp"));
    iot.addThingToBillingGroup(g -> g.billingGroupName("tenant").thingName("lamp"));
    assertThat(iot.listThingsInBillingGroup(g -> g.billingGroupName("tenant")).things())
        .containsExactly("lamp");
    assertThat(iot.describeThing(t -> t.thingName("lamp")).billingGroupName()).isEqualTo("tenant");
    iot.removeThingFromBillingGroup(g -> g.billingGroupName("tenant").thingName("lamp"));
    iot.updateBillingGroup(
        g ->
            g.billingGroupName("tenant")
                .billingGroupProperties(p -> p.billingGroupDescription("x")));
    var found = iot.describeBillingGroup(g -> g.billingGroupName("tenant"));
    assertThat(found.billingGroupProperties().billingGroupDescription()).isEqualTo("x");
    assertThat(found.version()).isEqualTo(2);
    assertFresh(found.billingGroupMetadata().creationDate());
    assertThat(iot.listBillingGroupsPaginator().billingGroups())
        .extracting(GroupNameAndArn::groupName)
        .containsExactly("tenant");
    Tag side = Tag.builder().key("side").value("left").build();
    iot.tagResource(r -> r.resourceArn(arn).tags(side));
    iot.untagResource(r -> r.resourceArn(arn).tagKeys("floor"));
    assertThat(iot.listTagsForResource(r -> r.resourceArn(arn)).tags()).containsExactly(side);
    iot.deleteBillingGroup(g -> g.billingGroupName("tenant"));
    assertThatThrownBy(() -> iot.listTagsForResource(r -> r.resourceArn(arn)))
        .isInstanceOf(ResourceNotFoundException.class);
    iot.deleteThing(t -> t.thingName("lamp"));
  }

  void settings() {
    String role = "arn:aws:iam::000000000000:role/r";
    iot.setLoggingOptions(
        o -> o.loggingOptionsPayload(p -> p.roleArn(role).logLevel(LogLevel.INFO)));
    assertThat(iot.getLoggingOptions(o -> {}).logLevel()).isEqualTo(LogLevel.INFO);
    assertThatThrownBy(() -> iot.getV2LoggingOptions(o -> {}))
        .isInstanceOf(NotConfiguredException.class);
    iot.setV2LoggingOptions(o -> o.roleArn(role).defaultLogLevel(LogLevel.WARN));
    assertThat(iot.getV2LoggingOptions(o -> {}).roleArn()).isEqualTo(role);
    iot.setV2LoggingLevel(
        l ->
            l.logLevel(LogLevel.DEBUG)
                .logTarget(t -> t.targetType(LogTargetType.THING_GROUP).targetName("g")));
    var levels = iot.listV2LoggingLevels(l -> {}).logTargetConfigurations();
    assertThat(levels).hasSize(1);
    assertThat(levels.get(0).logTarget().targetName()).isEqualTo("g");
    iot.deleteV2LoggingLevel(l -> l.targetType(LogTargetType.THING_GROUP).targetName("g"));

    iot.updateEventConfigurations(
        e ->
            e.eventConfigurations(
                Map.of(EventType.THING, Configuration.builder().enabled(true).build())));
    var events = iot.describeEventConfigurations(e -> {});
    assertThat(events.eventConfigurations().get(EventType.THING).enabled()).isTrue();
    assertThat(events.eventConfigurations().get(EventType.THING_TYPE).enabled()).isFalse();
    assertFresh(events.creationDate(), events.lastModifiedDate());
    iot.updateEventConfigurations(
        e ->
            e.eventConfigurations(
                Map.of(EventType.THING, Configuration.builder().enabled(false).build())));
    assertThat(iot.describeEndpoint(e -> e.endpointType("iot:Data-ATS")).endpointAddress())
        .startsWith("localhost:");
    assertThatThrownBy(() -> iot.describeEndpoint(e -> e.endpointType("iot:None")))
        .isInstanceOf(InvalidRequestException.class);
  }
}
