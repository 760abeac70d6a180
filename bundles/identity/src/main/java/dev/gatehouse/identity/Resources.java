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
    String id = request.pathParameters().get(CERTIFICATE_ID);
    return id == null ? "*" : request.account().arn("iot", "cert/" + id).toString();
  }

  /** The ARN of the CA that a call is about; {@code *} if it is about none yet. */
  static String ca(ApiRequest request) {
    String id = request.pathParameters().get(CA_ID);
    return id == null ? "*" : request.account().arn("iot", "cacert/" + id).toString();
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

  /** The id in the ARN of a certificate of the account. */
  static String certificateId(Account account, String arn) {
    try {
      Arn parsed = Arn.parse(arn);
      if (!parsed.service().equals("iot") || !parsed.resource().startsWith("cert/")) {
        throw new IllegalArgumentException("'" + arn + "' is not the ARN of a certificate");
      }
      if (!parsed.account().equals(account.id()) || !parsed.region().equals(account.region())) {
        throw new IllegalArgumentException("'" + arn + "' belongs to another account or region");
      }
      return parsed.resource().substring("cert/".length());
    } catch (IllegalArgumentException e) {
      throw new ServiceException(ErrorCode.INVALID_REQUEST, String.valueOf(e.getMessage()));
    }
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
