package dev.gatehouse.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.audit.AuditEvent;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Arn;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.json.Json;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A record, with the members of the guide's example (AWS IoT Information in CloudTrail). */
record AuditRecord(ObjectNode json) {
  private static final int MAX_PARAMETERS = 8 << 10;

  /** As in the guide's example: {@code Fri Apr 08 23:51:10 UTC 2016}. */
  private static final DateTimeFormatter CREATION =
      DateTimeFormatter.ofPattern("EEE MMM dd HH:mm:ss 'UTC' yyyy", Locale.US)
          .withZone(ZoneOffset.UTC);

  private static final Pattern SECRET =
      Pattern.compile("secret|password|privatekey|token$|credential", Pattern.CASE_INSENSITIVE);
  private static final Set<String> NOT_SECRET = Set.of("nextToken", "clientRequestToken");

  static AuditRecord of(AuditEvent event) {
    Account account = event.principal().account();
    ObjectNode json =
        Json.object()
            .put("timestamp", Long.toString(event.time().getEpochSecond()))
            .put("AdditionalEventData", "")
            .put("Annotation", "")
            .put("ApiVersion", "")
            .put("AwsRegion", account.region())
            .put("ErrorCode", text(event.errorCode()))
            .put("ErrorMessage", text(event.errorMessage()))
            .put("EventID", UUID.randomUUID().toString())
            .put("EventName", event.eventName())
            .put("EventSource", event.eventSource())
            .put("EventTime", event.time().truncatedTo(ChronoUnit.SECONDS).toString())
            .put("EventType", "AwsApiCall")
            .put("ReadOnly", Boolean.toString(event.readOnly()))
            .put("RecipientAccountId", account.id())
            .put("RequestID", event.requestId());
    json.set("RequestParameters", parameters(event.requestParameters()));
    json.put("Resources", "")
        .put("ResponseElements", "")
        .put("SourceIpAddress", event.sourceIp())
        .put("UserAgent", event.userAgent());
    ObjectNode identity = identity(event.principal(), text(event.accessKeyId()));
    json.set("UserIdentity", identity);
    if (event.principal() instanceof Principal.RoleSession) {
      identity.set("sessionContext", sessionContext(event));
      json.putObject("invokedBy").put("serviceAccountId", account.id());
    }
    return new AuditRecord(json.put("VpcEndpointId", ""));
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static JsonNode parameters(byte[] json) {
    try {
      JsonNode all = redacted(Json.parse(json));
      int length = Json.bytes(all).length;
      return length > MAX_PARAMETERS
          ? Json.object().put("omitted", length + " bytes of parameters")
          : all;
    } catch (JsonProcessingException e) {
      return Json.object().put("omitted", "parameters that are not JSON");
    }
  }

  private static JsonNode redacted(JsonNode node) {
    if (node instanceof ObjectNode object) {
      ObjectNode copy = Json.object();
      for (Map.Entry<String, JsonNode> member : object.properties()) {
        boolean secret =
            SECRET.matcher(member.getKey()).find() && !NOT_SECRET.contains(member.getKey());
        copy.set(
            member.getKey(),
            secret ? copy.textNode("HIDDEN_DUE_TO_SECURITY_REASONS") : redacted(member.getValue()));
      }
      return copy;
    }
    if (node.isArray()) {
      ObjectNode holder = Json.object();
      var copy = holder.putArray("list");
      node.forEach(element -> copy.add(redacted(element)));
      return copy;
    }
    return node;
  }

  /** No session here was begun with a second factor. */
  private static ObjectNode sessionContext(AuditEvent event) {
    ObjectNode context = Json.object();
    ObjectNode attributes = context.putObject("attributes").put("mfaAuthenticated", "false");
    if (event.sessionIssued() != null) {
      attributes.put("creationDate", CREATION.format(event.sessionIssued()));
    }
    return context;
  }

  private static ObjectNode identity(Principal principal, String accessKeyId) {
    Account account = principal.account();
    ObjectNode identity = Json.object();
    if (principal instanceof Principal.User user) {
      identity
          .put("type", "IAMUser")
          .put("principalId", user.userId())
          .put("arn", user.arn().toString())
          .put("accountId", account.id())
          .put("accessKeyId", accessKeyId)
          .put("userName", user.userName());
    } else if (principal instanceof Principal.RoleSession session) {
      String resource = "assumed-role/" + session.roleName() + "/" + session.sessionName();
      identity
          .put("type", "AssumedRole")
          .put("principalId", session.id())
          .put("arn", new Arn("aws", "sts", "", account.id(), resource).toString())
          .put("accountId", account.id())
          .put("accessKeyId", accessKeyId);
      identity
          .putObject("sessionIssuer")
          .put("type", "Role")
          .put("principalId", session.roleId())
          .put(
              "arn",
              new Arn("aws", "iam", "", account.id(), "role/" + session.roleName()).toString())
          .put("accountId", account.id())
          .put("userName", session.roleName());
    } else {
      identity
          .put("type", principal.getClass().getSimpleName())
          .put("principalId", principal.id())
          .put("accountId", account.id())
          .put("accessKeyId", accessKeyId);
    }
    return identity;
  }

  String member(String name) {
    return json.path(name).asText();
  }

  boolean readOnly() {
    return member("ReadOnly").equals("true");
  }

  long seconds() {
    return json.path("timestamp").asLong();
  }

  /** Who it was, as {@code Username} shows it. */
  String user() {
    JsonNode identity = json.path("UserIdentity");
    String name = identity.path("userName").asText();
    String arn = identity.path("arn").asText();
    if (!name.isEmpty()) {
      return name;
    }
    return arn.isEmpty()
        ? identity.path("principalId").asText()
        : arn.substring(arn.lastIndexOf('/') + 1);
  }

  /** The same with the names that CloudTrail gives members today. */
  ObjectNode today() {
    ObjectNode today = Json.object().put("eventVersion", "1.08");
    json.properties()
        .forEach(
            member -> {
              boolean empty = member.getValue().isTextual() && member.getValue().asText().isEmpty();
              if (!empty && !member.getKey().equals("timestamp")) {
                today.set(nameToday(member.getKey()), member.getValue());
              }
            });
    return today.put("readOnly", readOnly());
  }

  private static String nameToday(String name) {
    return name.equals("SourceIpAddress")
        ? "sourceIPAddress"
        : name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
  }
}
