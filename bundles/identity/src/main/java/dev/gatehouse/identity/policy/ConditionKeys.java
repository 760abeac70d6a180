package dev.gatehouse.identity.policy;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The condition keys that the gateway knows. Each has a value where the same key has one at AWS, or
 * belongs to something that no caller of a gateway comes through, such as a VPC: it is absent then,
 * as it is at AWS for callers from elsewhere.
 */
final class ConditionKeys {
  private static final Set<String> NAMES = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
  private static final String ATTRIBUTES =
      "(DistinguishedNameQualifier|Country|Organization|OrganizationalUnit|State|CommonName"
          + "|SerialNumber|Title|Surname|GivenName|Initials|Pseudonym|GenerationQualifier)";
  private static final String ALTERNATIVES =
      "(RFC822Name|DNSName|DirectoryName|UniformResourceIdentifier|IPAddress|RegisteredID)";
  private static final Pattern FORMS =
      Pattern.compile(
          "iot:Certificate\\.(Subject|Issuer)\\.("
              + ATTRIBUTES
              + "|AlternativeName\\."
              + ALTERNATIVES
              + ")(\\.List|\\.\\d{1,3})?"
              + "|iot:Certificate\\.(Subject|Issuer)AlternativeName\\."
              + ALTERNATIVES
              + "|iot:Connection\\.Thing\\.Attributes\\[.+]"
              + "|aws:PrincipalTag/.+",
          Pattern.CASE_INSENSITIVE);

  static {
    NAMES.addAll(
        Set.of(
            "aws:CurrentTime",
            "aws:EpochTime",
            "aws:PrincipalAccount",
            "aws:PrincipalArn",
            "aws:PrincipalIsAWSService",
            "aws:PrincipalType",
            "aws:Referer",
            "aws:RequestedRegion",
            "aws:SecureTransport",
            "aws:SourceIp",
            "aws:TokenIssueTime",
            "aws:UserAgent",
            "aws:userid",
            "aws:username",
            "aws:ViaAWSService",
            "aws:MultiFactorAuthPresent"));
    NAMES.addAll( // absent here
        Set.of(
            "aws:AssumedRoot",
            "aws:CalledVia",
            "aws:CalledViaFirst",
            "aws:CalledViaLast",
            "aws:FederatedProvider",
            "aws:MultiFactorAuthAge",
            "aws:PrincipalOrgID",
            "aws:PrincipalOrgPaths",
            "aws:PrincipalServiceName",
            "aws:PrincipalServiceNamesList",
            "aws:SourceAccount",
            "aws:SourceArn",
            "aws:SourceIdentity",
            "aws:SourceOrgID",
            "aws:SourceOrgPaths",
            "aws:SourceVpc",
            "aws:SourceVpcArn",
            "aws:SourceVpce",
            "aws:VpcSourceIp"));
    NAMES.addAll(
        Set.of(
            "cognito-identity.amazonaws.com:amr",
            "cognito-identity.amazonaws.com:aud",
            "cognito-identity.amazonaws.com:sub",
            "iam:PassedToService",
            "iam:PolicyARN",
            "iot:Certificate.AvailableKeys",
            "iot:Certificate.SerialNumber",
            "iot:CertificateId",
            "iot:ClientId",
            "iot:Connection.Thing.IsAttached",
            "iot:Connection.Thing.ThingName",
            "iot:Connection.Thing.ThingTypeName",
            "iot:thingArn",
            "sts:ExternalId",
            "sts:RoleSessionName"));
  }

  private ConditionKeys() {}

  static boolean known(String key) {
    return NAMES.contains(key) || FORMS.matcher(key).matches();
  }
}
