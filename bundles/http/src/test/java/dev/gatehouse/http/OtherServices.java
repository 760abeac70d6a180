package dev.gatehouse.http;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.http.AwsProtocol;
import dev.gatehouse.api.http.AwsService;

/** Services of other bundles, as those declare them. */
final class OtherServices {
  static final AwsService IAM =
      AwsService.of("iam", AwsProtocol.QUERY)
          .withNamespace("https://iam.amazonaws.com/doc/2010-05-08/")
          .global();

  static final AwsService COGNITO_IDENTITY =
      AwsService.of("cognito-identity", AwsProtocol.JSON_1_1)
          .withTarget("AWSCognitoIdentityService")
          .refusing(ErrorCode.FORBIDDEN, ErrorCode.THROTTLING);

  private OtherServices() {}
}
