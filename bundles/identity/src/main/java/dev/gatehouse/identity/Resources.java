package dev.gatehouse.identity;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Arn;
import dev.gatehouse.json.Json;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/** What the operations of this bundle share. */
final class Resources {
  private static final String CERTIFICATE_ID = "certificateId";
  private static final String CA_ID = "caCertificateId";
  private static final Pattern ID = Pattern.compile("[0-9a-fA-F]{64}");

  private Resources() {}

  /** The ARN of the certificate that a call is about; {@code *} if it is about none yet. */
  static String certificate(ApiRequest request) {
    return request.pathParameters().containsKey(CERTIFICATE_ID)
        ? request.account().arn("iot", "cert/" + certificateId(request)).toString()
        : "*";
  }

  /** The ARN of the CA that a call is about; {@code *} if it is about none yet. */
  static String ca(ApiRequest request) {
    return request.pathParameters().containsKey(CA_ID)
        ? request.account().arn("iot", "cacert/" + caId(request)).toString()
        : "*";
  }

  /**
   * What a policy is attached to, or a principal whose rights are asked for: its ARN. An id of a
   * Cognito identity is no ARN, and AWS asks for such a call on {@code *}.
   */
  static String target(String target) {
    return target.startsWith("arn:") ? target : "*";
  }

  /** The id of the certificate that a call is about, as AWS spells them. */
  static String certificateId(ApiRequest request) {
    return id(request, CERTIFICATE_ID);
  }

  /** The id of the CA that a call is about. */
  static String caId(ApiRequest request) {
    return id(request, CA_ID);
  }

  private static String id(ApiRequest request, String name) {
    String id = request.path(name);
    if (!ID.matcher(id).matches()) {
      throw new ServiceException(
          ErrorCode.INVALID_REQUEST, name + " '" + id + "' is not 64 hexadecimal digits");
    }
    return id.toLowerCase(Locale.ROOT);
  }

  /**
   * The id in the ARN of a certificate of the account, which must be spelled as AWS IoT spells it:
   * rights are asked for the ARN as it is.
   */
  static String certificateId(Account account, String arn) {
    String problem;
    try {
      Arn parsed = Arn.parse(arn);
      if (!parsed.service().equals("iot") || !parsed.resource().startsWith("cert/")) {
        problem = "'" + arn + "' is not the ARN of a certificate";
      } else if (account.arn("iot", parsed.resource()).equals(parsed)) {
        return parsed.resource().substring("cert/".length());
      } else {
        problem = "'" + arn + "' belongs to another account or region";
      }
    } catch (IllegalArgumentException e) {
      problem = String.valueOf(e.getMessage());
    }
    throw new ServiceException(ErrorCode.INVALID_REQUEST, problem);
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
