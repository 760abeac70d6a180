package dev.gatehouse.iam;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.iam.service.IamErrors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IamTagsTest extends BootedTest {
  private static final String POLICY = "arn:aws:iam::123456789012:policy/p";

  private static Map<String, String> tags(JsonNode answer) {
    Map<String, String> tags = new LinkedHashMap<>();
    answer.path("Tags").forEach(t -> tags.put(t.get("Key").asText(), t.get("Value").asText()));
    return tags;
  }

  @Test
  void tagsOfAUserAreKept() throws Exception {
    JsonNode made =
        call(
            "CreateUser",
            "UserName",
            "anna",
            "Tags.member.1.Key",
            "Floor",
            "Tags.member.1.Value",
            "1",
            "Tags.member.2.Key",
            "room",
            "Tags.member.2.Value",
            "");
    assertThat(tags(made.get("User"))).isEqualTo(Map.of("Floor", "1", "room", ""));
    call(
        "TagUser",
        "UserName",
        "anna",
        "Tags.member.1.Key",
        "floor",
        "Tags.member.1.Value",
        "2",
        "Tags.member.2.Key",
        "team/a",
        "Tags.member.2.Value",
        "b c@d");
    call("UntagUser", "UserName", "anna", "TagKeys.member.1", "ROOM", "TagKeys.member.2", "none");
    call("UpdateUser", "UserName", "anna", "NewUserName", "bea");

    booted = new Booted(directory, booted.store, true);
    assertThat(tags(call("ListUserTags", "UserName", "bea")))
        .containsExactly(Map.entry("floor", "2"), Map.entry("team/a", "b c@d"));
    assertThat(tags(call("GetUser", "UserName", "bea").get("User"))).hasSize(2);
    assertThat(tags(call("ListUsers").get("Users").get(1))).as("lists leave them out").isEmpty();
  }

  @Test
  void rolesAndPoliciesHaveThemToo() throws Exception {
    call(
        "CreateRole",
        "RoleName",
        "r",
        "AssumeRolePolicyDocument",
        Booted.trust("\"AWS\":\"000000000000\""),
        "Tags.member.1.Key",
        "a",
        "Tags.member.1.Value",
        "1");
    call("UpdateRole", "RoleName", "r", "Description", "d");
    call("CreatePolicy", "PolicyName", "p", "PolicyDocument", Booted.allow("iot:Publish", "*"));
    call("TagPolicy", "PolicyArn", POLICY, "Tags.member.1.Key", "b", "Tags.member.1.Value", "2");
    call(
        "CreatePolicyVersion",
        "PolicyArn",
        POLICY,
        "PolicyDocument",
        Booted.allow("iot:Connect", "*"));

    booted = new Booted(directory, booted.store, true);
    assertThat(tags(call("GetRole", "RoleName", "r").get("Role"))).isEqualTo(Map.of("a", "1"));
    assertThat(tags(call("ListRoleTags", "RoleName", "r"))).isEqualTo(Map.of("a", "1"));
    assertThat(tags(call("GetPolicy", "PolicyArn", POLICY).get("Policy")))
        .isEqualTo(Map.of("b", "2"));
    call("UntagPolicy", "PolicyArn", POLICY, "TagKeys.member.1", "b");
    assertThat(tags(call("ListPolicyTags", "PolicyArn", POLICY))).isEmpty();
    refused(
        ErrorCode.ACCESS_DENIED,
        "TagPolicy",
        "PolicyArn",
        "arn:aws:iam::aws:policy/AWSIoTDataAccess",
        "Tags.member.1.Key",
        "b",
        "Tags.member.1.Value",
        "2");
    refused(IamErrors.NO_SUCH_ENTITY, "ListRoleTags", "RoleName", "none");
  }

  @Test
  void whatIsNoTagIsRefusedAndChangesNothing() {
    call("CreateUser", "UserName", "anna");
    for (String[] tag :
        new String[][] {
          {"aws:x", "1"},
          {"a;b", "1"},
          {"k".repeat(129), "1"},
          {"k", "v".repeat(257)},
          {"k", "a\nb"}
        }) {
      refused(
          IamErrors.INVALID_INPUT,
          "TagUser",
          "UserName",
          "anna",
          "Tags.member.1.Key",
          tag[0],
          "Tags.member.1.Value",
          tag[1]);
    }
    refused(IamErrors.INVALID_INPUT, "TagUser", "UserName", "anna", "Tags.member.1.Key", "k");
    refused(IamErrors.INVALID_INPUT, "CreateUser", parameters("bea", List.of("k", "K")));
    refused(IamErrors.NO_SUCH_ENTITY, "GetUser", "UserName", "bea");
    assertThat(tags(call("ListUserTags", "UserName", "anna"))).isEmpty();
  }

  @Test
  void fiftyGoOnOne() {
    List<String> fifty = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      fifty.add("k" + i);
    }
    call("CreateUser", parameters("anna", fifty));
    call("TagUser", parameters("anna", List.of("k7")));
    refused(IamErrors.LIMIT_EXCEEDED, "TagUser", parameters("anna", List.of("more")));
    JsonNode page = call("ListUserTags", "UserName", "anna", "MaxItems", "49");
    assertThat(page.get("IsTruncated").asBoolean()).isTrue();
    JsonNode rest = call("ListUserTags", "UserName", "anna", "Marker", page.get("Marker").asText());
    assertThat(tags(page)).hasSize(49).doesNotContainKeys(tags(rest).keySet().iterator().next());
    assertThat(tags(rest)).hasSize(1);
  }

  private static String[] parameters(String user, List<String> keys) {
    List<String> all = new ArrayList<>(List.of("UserName", user));
    for (int i = 0; i < keys.size(); i++) {
      all.add("Tags.member." + (i + 1) + ".Key");
      all.add(keys.get(i));
      all.add("Tags.member." + (i + 1) + ".Value");
      all.add("v");
    }
    return all.toArray(String[]::new);
  }
}
