package dev.gatehouse.registry;

import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.json.Json;
import dev.gatehouse.json.JsonBody;
import java.util.List;
import java.util.Optional;

/** What a body names by name or by ARN. */
final class Named {
  private Named() {}

  static String thing(ApiRequest request) {
    return one(request, "thingName", "thingArn", "thing/");
  }

  static String group(ApiRequest request, GroupKind kind) {
    return kind == GroupKind.THING_GROUP
        ? one(request, "thingGroupName", "thingGroupArn", kind.arnPrefix)
        : one(request, "billingGroupName", "billingGroupArn", kind.arnPrefix);
  }

  /** The ARNs of the thing and of the group that a body names. */
  static List<String> thingAnd(ApiRequest request, GroupKind kind) {
    return List.of(
        Things.arn(request.account(), thing(request)),
        kind.arn(request.account(), group(request, kind)));
  }

  private static String one(ApiRequest request, String nameMember, String arnMember, String kind) {
    JsonBody body = Json.body(request.body());
    Optional<String> name = body.text(nameMember);
    Optional<String> byArn = body.text(arnMember).map(arn -> name(request, arnMember, arn, kind));
    if (name.isPresent() && byArn.isPresent() && !name.equals(byArn)) {
      throw Validation.invalid(nameMember + " and " + arnMember + " do not name the same");
    }
    return name.or(() -> byArn)
        .orElseThrow(
            () -> Validation.invalid("neither " + nameMember + " nor " + arnMember + " is given"));
  }

  private static String name(ApiRequest request, String member, String arn, String kind) {
    String prefix = request.account().arn("iot", kind).toString();
    if (!arn.startsWith(prefix)) {
      throw Validation.invalid(member + " '" + arn + "' does not begin with " + prefix);
    }
    return arn.substring(prefix.length());
  }
}
