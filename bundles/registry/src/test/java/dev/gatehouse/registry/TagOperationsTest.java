package dev.gatehouse.registry;

import static dev.gatehouse.registry.House.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.tag.TaggedResources;
import dev.gatehouse.api.tag.Tags;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TagOperationsTest {
  private static final String ARN = "arn:aws:iot:us-east-1:123456789012:";
  private static final String TYPE = ARN + "thingtype/LightBulb";

  private final House house = new House();

  private static String tag(String arn, String tags) {
    return "{'resourceArn': '%s', 'tags': [%s]}".formatted(arn, tags);
  }

  private String tags(String arn) {
    ObjectNode page =
        house.call(
            "ListTagsForResource",
            House.request(ACCOUNT, Map.of(), Map.of("resourceArn", arn), "", ""));
    StringBuilder text = new StringBuilder();
    page.get("tags")
        .forEach(
            tag ->
                text.append(tag.get("Key").asText())
                    .append('=')
                    .append(tag.get("Value").asText())
                    .append(' '));
    return text.toString().trim();
  }

  private void refused(String operation, String body, ErrorCode code) {
    house.refused(operation, House.request(ACCOUNT, Map.of(), Map.of(), "", body), code);
  }

  @Test
  void tagsOfEachKindOfResourceAreGivenChangedAndTaken() {
    house.type(
        "CreateThingType",
        "LightBulb",
        "{'tags': [{'Key': 'room', 'Value': 'hall'}, {'Key': 'empty'}]}");
    house.group("CreateThingGroup", "g", "{'tags': [{'Key': 'x', 'Value': '1'}]}");
    house.billing("CreateBillingGroup", "b", "{'tags': [{'Key': 'y', 'Value': '2'}]}");
    assertThat(tags(TYPE)).isEqualTo("empty= room=hall");
    assertThat(tags(ARN + "thinggroup/g")).isEqualTo("x=1");
    assertThat(tags(ARN + "billinggroup/b")).isEqualTo("y=2");
    house.call(
        "TagResource",
        tag(TYPE, "{'Key': 'room', 'Value': 'bath'}, {'Key': 'new', 'Value': 'caf\u00e9'}"));
    house.call("UntagResource", "{'resourceArn': '" + TYPE + "', 'tagKeys': ['empty', 'none']}");
    assertThat(tags(TYPE)).isEqualTo("new=caf\u00e9 room=bath");
  }

  @Test
  void aResourceHasFiftyTagsAtMost() {
    house.type("CreateThingType", "LightBulb", "");
    String fifty =
        IntStream.range(0, 50)
            .mapToObj(i -> "{'Key': 'k" + i + "', 'Value': ''}")
            .collect(Collectors.joining(","));
    house.call("TagResource", tag(TYPE, fifty));
    refused("TagResource", tag(TYPE, "{'Key': 'more'}"), ErrorCode.LIMIT_EXCEEDED);
    house.call("TagResource", tag(TYPE, "{'Key': 'k7', 'Value': 'again'}"));
    assertThat(tags(TYPE)).contains("k7=again");
  }

  @Test
  void tagsGoWithTheirResource() {
    house.group("CreateThingGroup", "g", "{'tags': [{'Key': 'x', 'Value': '1'}]}");
    house.group("DeleteThingGroup", "g", "");
    house.group("CreateThingGroup", "g", "");
    assertThat(tags(ARN + "thinggroup/g")).isEmpty();
  }

  @Test
  void resourcesOfOthersHaveTagsWhileTheyAreThere() {
    byte[] key = "123456789012/us-east-1\0p".getBytes(StandardCharsets.UTF_8);
    String policy = ARN + "policy/p";
    TaggedResources policies = () -> Map.of("policy/", "others.policies");
    refused("TagResource", tag(policy, "{'Key': 'a'}"), ErrorCode.INVALID_REQUEST);
    house.registry.addTagged(policies);
    refused("TagResource", tag(policy, "{'Key': 'a'}"), ErrorCode.RESOURCE_NOT_FOUND);
    house.store.commit(new Batch().put("others.policies", key, new byte[] {1}));
    house.call("TagResource", tag(policy, "{'Key': 'a', 'Value': '1'}"));
    assertThat(tags(policy)).isEqualTo("a=1");
    refused("TagResource", tag(policy + "q", "{'Key': 'a'}"), ErrorCode.RESOURCE_NOT_FOUND);
    house.registry.removeTagged(policies);
    refused("TagResource", tag(policy, "{'Key': 'a'}"), ErrorCode.INVALID_REQUEST);
  }

  @Test
  void tagsAreNotLeftBehindByAResourceThatGoesMeanwhile() {
    house.group("CreateThingGroup", "g", "");
    String group = ARN + "thinggroup/g";
    house.store.hold();
    CompletableFuture<ApiResponse> deletion =
        house.start(
            "DeleteThingGroup",
            House.request(ACCOUNT, Map.of("thingGroupName", "g"), Map.of(), "", ""));
    CompletableFuture<ApiResponse> tagging =
        house.start(
            "TagResource",
            House.request(ACCOUNT, Map.of(), Map.of(), "", tag(group, "{'Key': 'late'}")));
    house.store.release();
    assertThat(deletion).succeedsWithin(Duration.ofSeconds(5));
    assertThat(tagging)
        .failsWithin(Duration.ofSeconds(5))
        .withThrowableOfType(ExecutionException.class)
        .withMessageContaining("there is no " + group);
    house.group("CreateThingGroup", "g", "");
    assertThat(tags(group)).isEmpty();
  }

  @Test
  void rowsOfTheFirstFormatAreRead() {
    house.type("CreateThingType", "LightBulb", "");
    byte[] key = ("123456789012/us-east-1\0" + TYPE).getBytes(StandardCharsets.UTF_8);
    byte[] row = "\u0001{\"room\":\"hall\"}".getBytes(StandardCharsets.UTF_8);
    house.store.commit(new Batch().put(Tags.TABLE, key, row));
    assertThat(tags(TYPE)).isEqualTo("room=hall");
    house.call("TagResource", tag(TYPE, "{'Key': 'a', 'Value': '1'}"));
    assertThat(tags(TYPE)).isEqualTo("a=1 room=hall");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nothing",
        "arn:aws:iot:us-east-1:210987654321:thingtype/LightBulb",
        "arn:aws:s3:::bucket",
        "arn:aws:iot:us-east-1:123456789012:thing/lamp"
      })
  void whatHasNoTagsHereIsRefused(String arn) {
    refused("TagResource", tag(arn, "{'Key': 'a', 'Value': ''}"), ErrorCode.INVALID_REQUEST);
  }

  @Test
  void aResourceThatIsNotThereIsNotFound() {
    refused("TagResource", tag(TYPE, "{'Key': 'a'}"), ErrorCode.RESOURCE_NOT_FOUND);
    house.refused(
        "ListTagsForResource",
        House.request(ACCOUNT, Map.of(), Map.of("resourceArn", TYPE), "", ""),
        ErrorCode.RESOURCE_NOT_FOUND);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'Value': 'x'}",
        "{'Key': ''}",
        "{'Key': 'a'}, {'Key': 'a'}",
        "{'Key': 'aws:reserved'}",
        "{'Key': 'a#b'}",
        "{'Key': 1}",
        ""
      })
  void tagsThatCanNotBeAreRefused(String tags) {
    house.type("CreateThingType", "LightBulb", "");
    refused("TagResource", tag(TYPE, tags), ErrorCode.INVALID_REQUEST);
    assertThat(tags(TYPE)).isEmpty();
  }
}
