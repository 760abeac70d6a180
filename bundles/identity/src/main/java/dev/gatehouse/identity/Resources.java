package dev.gatehouse.identity;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.json.Json;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What the operations of this bundle share. */
final class Resources {
  private Resources() {}

  /** The ARN of the certificate that a call is about; {@code *} if it is about none yet. */
  static String certificate(ApiRequest request) {
    String id = request.pathParameters().get("certificateId");
    return id == null ? "*" : request.account().arn("iot", "cert/" + id).toString();
  }

  /** The ARN of the policy that a call is about. */
  static String policy(ApiRequest request) {
    String name = request.pathParameters().get("policyName");
    return name == null ? "*" : request.account().arn("iot", "policy/" + name).toString();
  }

  static CompletionStage<ApiResponse> answer(ObjectNode node) {
    return CompletableFuture.completedFuture(ApiResponse.json(Json.bytes(node)));
  }
}
