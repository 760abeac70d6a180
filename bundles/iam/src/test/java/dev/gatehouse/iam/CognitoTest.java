package dev.gatehouse.iam;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.iam.service.CognitoErrors;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CognitoTest {
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
  private static final String TRUST =
      """
      {"Version":"2012-10-17","Statement":[{"Effect":"Allow",
       "Principal":{"Federated":"cognito-identity.amazonaws.com"},
       "Action":"sts:AssumeRoleWithWebIdentity",
       "Condition":{"StringEquals":{"cognito-identity.amazonaws.com:aud":"%s"},
        "ForAnyValue:StringLike":{"cognito-identity.amazonaws.com:amr":"%s"}}}]}""";

  @TempDir private Path directory;
  private Booted booted;
  private KeyPair rsa;
  private KeyPair ec;
  private String pool;

  @BeforeEach
  void boot() throws Exception {
    KeyPairGenerator rsaKeys = KeyPairGenerator.getInstance("RSA");
    rsaKeys.initialize(2048);
    rsa = rsaKeys.generateKeyPair();
    KeyPairGenerator ecKeys = KeyPairGenerator.getInstance("EC");
    ecKeys.initialize(new ECGenParameterSpec("secp256r1"));
    ec = ecKeys.generateKeyPair();
    RSAPublicKey r = (RSAPublicKey) rsa.getPublic();
    ECPublicKey e = (ECPublicKey) ec.getPublic();
    Files.writeString(
        directory.resolve("jwks.json"),
        """
        {"keys":[{"kty":"RSA","kid":"r","use":"sig","n":"%s","e":"%s"},
                 {"kty":"EC","kid":"e","crv":"P-256","x":"%s","y":"%s"}]}"""
            .formatted(
                number(r.getModulus()),
                number(r.getPublicExponent()),
                number(e.getW().getAffineX()),
                number(e.getW().getAffineY())));
    booted = new Booted(directory);
    pool = createPool(true);
    for (String kind : new String[] {"authenticated", "unauthenticated"}) {
      booted.call(
          "CreateRole", "RoleName", kind, "AssumeRolePolicyDocument", TRUST.formatted(pool, kind));
      booted.call(
          "PutRolePolicy",
          "RoleName",
          kind,
          "PolicyName",
          "p",
          "PolicyDocument",
          Booted.allow("iot:Publish", "*"));
    }
    booted.json(
        "SetIdentityPoolRoles",
        """
        {'IdentityPoolId':'%s','Roles':{
          'authenticated':'arn:aws:iam::123456789012:role/authenticated',
          'unauthenticated':'arn:aws:iam::123456789012:role/unauthenticated'}}"""
            .formatted(pool));
  }

  private String createPool(boolean strangers) {
    return booted
        .json(
            "CreateIdentityPool",
            """
            {'IdentityPoolName':'house','AllowUnauthenticatedIdentities':%s,
             'SupportedLoginProviders':{'issuer.example':'app'}}"""
                .formatted(strangers))
        .get("IdentityPoolId")
        .asText();
  }

  private static String number(BigInteger value) {
    byte[] bytes = value.toByteArray();
    int skip = bytes.length > 1 && bytes[0] == 0 ? 1 : 0;
    return BASE64.encodeToString(Arrays.copyOfRange(bytes, skip, bytes.length));
  }

  private static String part(String json) {
    return BASE64.encodeToString(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private String token(String algorithm, String kid, String claims) throws Exception {
    String signed = part("{'alg':'" + algorithm + "','kid':'" + kid + "'}") + "." + part(claims);
    Signature signature =
        Signature.getInstance(
            algorithm.equals("ES256") ? "SHA256withECDSAinP1363Format" : "SHA256withRSA");
    signature.initSign((algorithm.equals("ES256") ? ec : rsa).getPrivate());
    signature.update(signed.getBytes(StandardCharsets.US_ASCII));
    return signed + "." + BASE64.encodeToString(signature.sign());
  }

  private static String claims(String subject) {
    return "{'iss':'https://issuer.example','aud':['x','app'],'sub':'%s','exp':%d}"
        .formatted(subject, Booted.NOW.getEpochSecond() + 600);
  }

  private static String logins(String token) {
    return token.isEmpty() ? "" : ",'Logins':{'issuer.example':'" + token + "'}";
  }

  private String id(String token) {
    return booted
        .json("GetId", "{'IdentityPoolId':'" + pool + "'" + logins(token) + "}")
        .get("IdentityId")
        .asText();
  }

  private JsonNode credentials(String identity, String token) {
    return booted
        .json("GetCredentialsForIdentity", "{'IdentityId':'" + identity + "'" + logins(token) + "}")
        .get("Credentials");
  }

  private ServiceException refused(ErrorCode code, Runnable call) {
    return booted.refused(code, call);
  }

  @Test
  void aStrangerHasTheRoleForStrangersUntilItsCredentialsEnd() {
    String identity = id("");
    assertThat(identity).matches("us-east-1:[0-9a-f-]{36}");
    assertThat(id("")).isNotEqualTo(identity);
    JsonNode made = credentials(identity, "");
    String key = made.get("AccessKeyId").asText();
    String token = made.get("SessionToken").asText();
    Principal who = booted.signer(key, token).orElseThrow();
    assertThat(who).isEqualTo(new Principal.CognitoIdentity(Booted.ACCOUNT, identity, false));
    assertThat(booted.iam.rights(who, Map::of).decide("iot:Publish", "*").allowed()).isTrue();
    assertThat(booted.iam.rights(who, Map::of).decide("iot:Connect", "*").allowed()).isFalse();
    booted.clock.advance(Duration.ofHours(1));
    refused(ErrorCode.EXPIRED_TOKEN, () -> booted.signer(key, token));
  }

  @Test
  void whoeverLogsInIsTheSameIdentityAgainAlsoAfterARestart() throws Exception {
    String identity = id(token("RS256", "r", claims("anna")));
    assertThat(id(token("ES256", "e", claims("anna")))).isEqualTo(identity);
    assertThat(id(token("RS256", "r", claims("bea")))).isNotEqualTo(identity);
    booted = new Booted(directory, booted.store, true);
    assertThat(id(token("RS256", "r", claims("anna")))).isEqualTo(identity);
    assertThat(booted.iam.hasIdentity(Booted.ACCOUNT, identity)).isTrue();
    JsonNode made = credentials(identity, token("RS256", "r", claims("anna")));
    assertThat(booted.signer(made.get("AccessKeyId").asText(), made.get("SessionToken").asText()))
        .contains(new Principal.CognitoIdentity(Booted.ACCOUNT, identity, true));
    String bea = token("RS256", "r", claims("bea"));
    refused(CognitoErrors.NOT_AUTHORIZED, () -> credentials(identity, bea));
    refused(CognitoErrors.NOT_AUTHORIZED, () -> credentials(identity, ""));
  }

  @Test
  void aTokenThatDoesNotProveItIsRefused() throws Exception {
    String good = token("RS256", "r", claims("anna"));
    String[] parts = good.split("\\.");
    String[] bad = {
      part("{'alg':'none','kid':'r'}") + "." + parts[1] + ".",
      part("{'alg':'HS256','kid':'r'}") + "." + parts[1] + "." + parts[2],
      part("{'alg':'ES256','kid':'r'}") + "." + parts[1] + "." + parts[2],
      parts[0] + "." + part(claims("bea")) + "." + parts[2],
      parts[0] + "." + parts[1],
      good + "x",
      "a.b.c",
      token("RS256", "other", claims("anna")),
      token("RS256", "r", claims("anna").replace("issuer.example", "else.example")),
      token("RS256", "r", claims("anna").replace("'app'", "'other'")),
      token("RS256", "r", claims("")),
      token("RS256", "r", claims("anna").replaceAll("'exp':\\d+", "'exp':1")),
      token("RS256", "r", claims("anna").replaceAll(",'exp':\\d+", "")),
    };
    for (String token : bad) {
      refused(CognitoErrors.NOT_AUTHORIZED, () -> id(token));
    }
    assertThat(id(good)).isNotEmpty();
  }

  @Test
  void aPoolWithoutStrangersTakesNone() {
    String closed = createPool(false);
    refused(
        CognitoErrors.NOT_AUTHORIZED,
        () -> booted.json("GetId", "{'IdentityPoolId':'" + closed + "'}"));
    refused(
        ErrorCode.RESOURCE_NOT_FOUND,
        () -> booted.json("GetId", "{'IdentityPoolId':'us-east-1:x'}"));
  }

  @Test
  void aRoleThatIsNotTrustingThePoolGivesNoCredentials() {
    String identity = id("");
    booted.call(
        "UpdateAssumeRolePolicy",
        "RoleName",
        "unauthenticated",
        "PolicyDocument",
        TRUST.formatted("us-east-1:another", "unauthenticated"));
    refused(CognitoErrors.INVALID_IDENTITY_POOL_CONFIGURATION, () -> credentials(identity, ""));
  }

  @Test
  void poolsAreDescribedListedUpdatedAndDeletedWithTheirIdentities() {
    String identity = id("");
    String name = "{'IdentityPoolId':'" + pool + "'}";
    assertThat(booted.json("DescribeIdentityPool", name).get("IdentityPoolName").asText())
        .isEqualTo("house");
    assertThat(booted.json("GetIdentityPoolRoles", name).at("/Roles/authenticated").asText())
        .endsWith("role/authenticated");
    booted.json(
        "UpdateIdentityPool",
        "{'IdentityPoolId':'"
            + pool
            + "','IdentityPoolName':'home','AllowUnauthenticatedIdentities':false}");
    assertThat(booted.json("ListIdentityPools", "{'MaxResults':10}").get("IdentityPools"))
        .singleElement()
        .satisfies(one -> assertThat(one.get("IdentityPoolName").asText()).isEqualTo("home"));
    refused(CognitoErrors.NOT_AUTHORIZED, () -> credentials(identity, ""));
    booted.json("DeleteIdentityPool", name);
    refused(ErrorCode.RESOURCE_NOT_FOUND, () -> credentials(identity, ""));
    assertThat(booted.iam.hasIdentity(Booted.ACCOUNT, identity)).isFalse();
    refused(
        CognitoErrors.INVALID_PARAMETER,
        () ->
            booted.json(
                "CreateIdentityPool",
                "{'IdentityPoolName':'x','AllowUnauthenticatedIdentities':false,"
                    + "'SupportedLoginProviders':{'unknown.example':'app'}}"));
  }
}
