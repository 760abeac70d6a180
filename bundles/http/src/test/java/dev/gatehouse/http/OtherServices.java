package dev.gatehouse.http;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.http.AwsProtocol;
import dev.gatehouse.api.http.AwsService;
import dev.gatehouse.api.http.ServiceWire;

/** Services of other bundles, as those declare them. */
final class OtherServices {
  static final AwsService IAM =
      AwsService.of("iam", AwsProtocol.QUERY)
          .withXml("https://iam.amazonaws.com/doc/2010-05-08/", ServiceWire.ListStyle.MEMBERS)
          .global();

  static final AwsService COGNITO_IDENTITY =
      AwsService.of("cognito-identity", AwsProtocol.JSON_1_1)
          .withTarget("AWSCognitoIdentityService")
          .refusing(ErrorCode.FORBIDDEN, ErrorCode.THROTTLING);

  private OtherServices() {}
}
