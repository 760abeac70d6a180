package dev.gatehouse.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.http.AwsProtocol;
import dev.gatehouse.api.http.AwsService;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.json.Json;
import dev.gatehouse.json.Marker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/** {@code LookupEvents} of CloudTrail, over the calling account's records. */
final class LookupOperation {
  private static final int MAX_RESULTS = 50;
  private static final AwsService SERVICE =
      AwsService.of("cloudtrail", AwsProtocol.JSON_1_1)
          .refusing(ErrorCode.FORBIDDEN, ErrorCode.THROTTLING);
  private static final List<String> KEYS =
      List.of("EventId", "EventName", "EventSource", "ReadOnly", "Username", "AccessKeyId");

  private final AuditFiles files;

  LookupOperation(AuditFiles files) {
    this.files = files;
  }

  List<ApiOperation> list() {
    return List.of(
        new ApiOperation(
            "LookupEvents",
            SERVICE,
            "POST",
            "/",
            "cloudtrail:LookupEvents",
            request -> "*",
            2,
            this::lookUp));
  }

  private CompletionStage<ApiResponse> lookUp(ApiRequest request) {
    ObjectNode body = Json.body(request.body()).tree();
    int limit = body.path("MaxResults").asInt(MAX_RESULTS);
    if (limit < 1 || limit > MAX_RESULTS) {
      throw new ServiceException(
          AuditErrors.INVALID_MAX_RESULTS,
          "MaxResults must be 1 to " + MAX_RESULTS + ", not " + limit);
    }
    Marker marker = marker(request.account(), body);
    AuditFiles.Position before = before(marker, body.path("NextToken").asText());
    List<AuditFiles.Entry> found;
    try {
      found = files.newest(filter(request.account(), body), before, limit + 1);
    } catch (IOException e) {
      throw new UncheckedIOException("the audit trail cannot be read", e);
    }
    ObjectNode answer = Json.object();
    ArrayNode events = answer.putArray("Events");
    found.stream().limit(limit).forEach(entry -> events.add(event(entry.record())));
    if (found.size() > limit) {
      AuditFiles.Position last = found.get(limit - 1).position();
      answer.put("NextToken", marker.encode(last.file() + "/" + last.line()));
    }
    return CompletableFuture.completedFuture(ApiResponse.json(Json.bytes(answer)));
  }

  /** The tokens of lookups with the same filters. */
  private static Marker marker(Account account, ObjectNode body) {
    ObjectNode filters = body.deepCopy();
    filters.remove(List.of("NextToken", "MaxResults"));
    return Marker.of("Events", account + Json.text(filters));
  }

  /** The last record of the page before; later records do not move it. */
  private static AuditFiles.Position before(Marker marker, String token) {
    if (token.isEmpty()) {
      return AuditFiles.Position.END;
    }
    try {
      String[] position = marker.decode("NextToken", token).split("/", 2);
      return new AuditFiles.Position(
          Long.parseLong(position[0]), Long.parseLong(position[position.length - 1]));
    } catch (ServiceException | NumberFormatException e) {
      throw new ServiceException(
          AuditErrors.INVALID_NEXT_TOKEN,
          "NextToken '" + token + "' was not given by a lookup with these filters");
    }
  }

  private static Predicate<AuditRecord> filter(Account account, ObjectNode body) {
    Predicate<AuditRecord> all = record -> record.member("RecipientAccountId").equals(account.id());
    if (body.path("StartTime").asDouble() > body.path("EndTime").asDouble(Double.MAX_VALUE)) {
      throw new ServiceException(AuditErrors.INVALID_TIME_RANGE, "StartTime is later than EndTime");
    }
    if (body.hasNonNull("StartTime")) {
      double from = body.get("StartTime").asDouble();
      all = all.and(record -> record.seconds() >= Math.floor(from));
    }
    if (body.hasNonNull("EndTime")) {
      double to = body.get("EndTime").asDouble();
      all = all.and(record -> record.seconds() <= to);
    }
    for (JsonNode attribute : body.path("LookupAttributes")) {
      String key = attribute.path("AttributeKey").asText();
      String value = attribute.path("AttributeValue").asText();
      if (!KEYS.contains(key)) {
        throw new ServiceException(
            AuditErrors.INVALID_LOOKUP_ATTRIBUTES,
            "AttributeKey '" + key + "' is not one of " + KEYS);
      }
      all = all.and(record -> value(record, key).equals(value));
    }
    return all;
  }

  private static String value(AuditRecord record, String key) {
    return switch (key) {
      case "EventId" -> record.member("EventID");
      case "Username" -> record.user();
      case "AccessKeyId" -> record.json().path("UserIdentity").path("accessKeyId").asText();
      default -> record.member(key);
    };
  }

  private static ObjectNode event(AuditRecord record) {
    ObjectNode event =
        Json.object()
            .put("EventId", record.member("EventID"))
            .put("EventName", record.member("EventName"))
            .put("ReadOnly", record.member("ReadOnly"))
            .put("AccessKeyId", value(record, "AccessKeyId"))
            .put("EventTime", record.seconds())
            .put("EventSource", record.member("EventSource"))
            .put("Username", record.user());
    event.putArray("Resources");
    return event.put("CloudTrailEvent", Json.text(record.today()));
  }
}
