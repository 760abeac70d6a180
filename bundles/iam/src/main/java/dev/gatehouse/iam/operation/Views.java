package dev.gatehouse.iam.operation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.iam.directory.AccountState;
import dev.gatehouse.iam.directory.AwsPolicies;
import dev.gatehouse.iam.directory.Entity;
import dev.gatehouse.iam.directory.ManagedPolicy;
import dev.gatehouse.iam.directory.Role;
import dev.gatehouse.iam.directory.Tagged;
import dev.gatehouse.json.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Entities as answers show them. */
final class Views {
  private Views() {}

  static String time(long millis) {
    return Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** As RFC 3986 has it: what IAM does to documents in answers. */
  static String document(String document) {
    return URLEncoder.encode(document, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~");
  }

  /** What users, groups and roles have in common. */
  static ObjectNode entity(Entity entity, Account account) {
    String title = entity.kind().title();
    return Json.object()
        .put("Path", entity.path())
        .put(title + "Name", entity.name())
        .put(title + "Id", entity.id())
        .put("Arn", entity.arn(account).toString())
        .put("CreateDate", time(entity.createdMillis()));
  }

  /**
   * What one call shows of one entity: a view and its tags, if it has any; lists leave them out.
   */
  static ObjectNode tagged(Tagged entity, ObjectNode view) {
    if (!entity.tags().values().isEmpty()) {
      ArrayNode list = view.putArray("Tags");
      entity.tags().values().forEach((key, value) -> list.add(tag(key, value)));
    }
    return view;
  }

  static ObjectNode tag(String key, String value) {
    return Json.object().put("Key", key).put("Value", value);
  }

  static ObjectNode role(Role role, Account account) {
    return entity(role, account)
        .put("AssumeRolePolicyDocument", document(role.trust()))
        .put("Description", role.description())
        .put("MaxSessionDuration", role.maxSessionSeconds());
  }

  /** The ARN of a policy of the account or of AWS. */
  static String arn(ManagedPolicy policy, Account account) {
    return AwsPolicies.all().contains(policy)
        ? AwsPolicies.arn(policy)
        : policy.arn(account).toString();
  }

  static ObjectNode policy(ManagedPolicy policy, AccountState state) {
    String arn = arn(policy, state.account());
    return Json.object()
        .put("PolicyName", policy.name())
        .put("PolicyId", policy.id())
        .put("Arn", arn)
        .put("Path", policy.path())
        .put("DefaultVersionId", "v" + policy.defaultVersion())
        .put("AttachmentCount", state.holders(arn).size())
        .put("PermissionsBoundaryUsageCount", 0)
        .put("IsAttachable", true)
        .put("Description", policy.description())
        .put("CreateDate", time(policy.createdMillis()))
        .put(
            "UpdateDate",
            time(policy.versions().get(policy.versions().size() - 1).createdMillis()));
  }

  static ObjectNode version(ManagedPolicy policy, ManagedPolicy.Version version) {
    return Json.object()
        .put("VersionId", "v" + version.number())
        .put("IsDefaultVersion", version.number() == policy.defaultVersion())
        .put("CreateDate", time(version.createdMillis()));
  }
}
