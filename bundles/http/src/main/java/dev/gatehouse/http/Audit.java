package dev.gatehouse.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.audit.AuditEvent;
import dev.gatehouse.api.audit.AuditTrail;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.CallTraits;
import dev.gatehouse.api.http.Shape;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.http.protocol.Parameters;
import dev.gatehouse.json.Json;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells the audit trail, if there is one, of calls of the control plane. Callers that are not known
 * are in the access log only: a stranger must not be able to push out what others did.
 */
final class Audit {
  private static final int MAX_BODY = 16 << 10;
  private static final Map<String, String> HEADERS =
      Map.of(
          "x-amzn-principal",
          "principal",
          "x-amzn-iot-principal",
          "principal",
          "x-amzn-iot-policy",
          "policyName",
          "x-amz-tagging",
          "tags");

  private final Clock clock;
  private volatile @Nullable AuditTrail trail;

  Audit(Clock clock) {
    this.clock = clock;
  }

  void set(@Nullable AuditTrail next) {
    trail = next;
  }

  /** Lets go of a trail, unless another has taken its place. */
  void unset(AuditTrail gone) {
    if (trail == gone) {
      trail = null;
    }
  }

  void done(Trail call) {
    record(call, null);
  }

  void failed(Trail call, ServiceException error) {
    record(call, error);
  }

  private void record(Trail call, @Nullable ServiceException error) {
    AuditTrail to = trail;
    Router.Match match = call.match;
    Principal principal = call.principal;
    if (to == null || match == null || principal == null) {
      return;
    }
    ApiOperation operation = match.operation();
    if (operation.traits().event() == CallTraits.Event.DATA
        || (operation.open() && principal instanceof Principal.Anonymous)) {
      return;
    }
    List<String> agents = call.call.request().headers().getOrDefault("user-agent", List.of());
    to.record(
        new AuditEvent(
            operation.service().eventSource(),
            operation.name(),
            operation.traits().readOnly(),
            principal,
            call.accessKeyId,
            call.issued,
            Instant.ofEpochMilli(clock.millis()),
            call.requestId,
            parameters(call, match),
            call.call.sourceIp(),
            agents.isEmpty() ? "" : agents.get(0),
            error == null ? null : error.code().awsName(),
            error == null ? null : error.getMessage()));
  }

  private static byte[] parameters(Trail call, Router.Match match) {
    ObjectNode all = Json.object();
    match.parameters().forEach(all::put);
    HEADERS.forEach(
        (header, name) -> {
          List<String> values = call.call.request().headers().getOrDefault(header, List.of());
          values.forEach(value -> all.put(name, value));
        });
    Parameters read = call.parameters;
    int length = call.call.request().body().length;
    if (length > MAX_BODY) {
      boolean form =
          read != null && !read.isJson() && match.operation().input() != Shape.Scalar.BLOB;
      all.put("omitted", (form ? "a form of " : "a body of ") + length + " bytes");
    }
    if (read == null) {
      return Json.bytes(all);
    }
    if (read.isJson() || length <= MAX_BODY) {
      fields(all, read);
    }
    if (read.isJson() && length <= MAX_BODY && read.body().length > 0) {
      body(all, read.body());
    }
    return Json.bytes(all);
  }

  private static void fields(ObjectNode all, Parameters read) {
    read.query()
        .forEach(
            (name, value) -> {
              if (!name.startsWith("X-Amz-") && !name.equals("Action") && !name.equals("Version")) {
                all.put(name, value);
              }
            });
  }

  private static void body(ObjectNode all, byte[] body) {
    try {
      JsonNode json = Json.parse(body);
      json.properties().forEach(member -> all.set(member.getKey(), member.getValue()));
    } catch (JsonProcessingException e) {
      all.put("omitted", "a body that is not JSON"); // the caller was told so
    }
  }
}
