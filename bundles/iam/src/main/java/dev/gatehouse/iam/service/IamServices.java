package dev.gatehouse.iam.service;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.http.AwsProtocol;
import dev.gatehouse.api.http.AwsService;
import dev.gatehouse.api.http.ServiceWire;

/** The services of this bundle. */
public final class IamServices {
  /** Users, groups, roles and their policies. */
  public static final AwsService IAM =
      AwsService.of("iam", AwsProtocol.QUERY)
          .withXml("https://iam.amazonaws.com/doc/2010-05-08/", ServiceWire.ListStyle.MEMBERS)
          .global();

  /** The caller's identity, and sessions of roles. */
  public static final AwsService STS =
      AwsService.of("sts", AwsProtocol.QUERY)
          .withXml("https://sts.amazonaws.com/doc/2011-06-15/", ServiceWire.ListStyle.MEMBERS)
          .global();

  /** Identity pools; some of its operations are open. */
  public static final AwsService COGNITO_IDENTITY =
      AwsService.of("cognito-identity", AwsProtocol.JSON_1_1)
          .withTarget("AWSCognitoIdentityService")
          .refusing(ErrorCode.FORBIDDEN, ErrorCode.THROTTLING);

  private IamServices() {}
}
