package dev.gatehouse.itests;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListSet;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.builder.SdkSyncClientBuilder;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.cognitoidentity.CognitoIdentityClient;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iot.IotClient;
import software.amazon.awssdk.services.iotdataplane.IotDataPlaneClient;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * Clients of the AWS SDK for Java 2, unmodified, but for where they find the gateway and whom they
 * trust; they note what has succeeded.
 */
final class SdkClients {
  static final String ARN = "arn:aws:iot:us-east-1:000000000000:";

  private static final Map<String, String> SERVICES =
      Map.of(
          "Iot", "iot",
          "IotDataPlane", "iot-data",
          "Iam", "iam",
          "Sts", "sts",
          "CognitoIdentity", "cognito-identity",
          "CloudTrail", "cloudtrail");

  private final AwsStand stand;
  private final TrustManager[] trust;
  private final Collection<String> succeeded = new ConcurrentSkipListSet<>();

  final IotClient iot;
  final IotDataPlaneClient data;
  final IamClient iam;
  final StsClient sts;
  final CognitoIdentityClient cognito;
  final CloudTrailClient trail;

  SdkClients(AwsStand stand) throws IOException, GeneralSecurityException {
    this.stand = stand;
    this.trust = trust(Path.of(stand.environment().get("AWS_CA_BUNDLE")));
    this.iot = client(IotClient.builder(), administrator());
    this.data = client(IotDataPlaneClient.builder(), administrator());
    this.iam = client(IamClient.builder(), administrator());
    this.sts = client(StsClient.builder(), administrator());
    this.cognito = client(CognitoIdentityClient.builder(), administrator());
    this.trail = client(CloudTrailClient.builder(), administrator());
  }

  AwsStand stand() {
    return stand;
  }

  /** As {@code SERVICE OPERATION}. */
  Collection<String> succeeded() {
    return succeeded;
  }

  AwsCredentials administrator() {
    return credentials("AWS_");
  }

  /** The administrator of the second account. */
  AwsCredentials second() {
    return credentials("SECOND_");
  }

  private AwsCredentials credentials(String prefix) {
    Map<String, String> environment = stand.environment();
    return AwsBasicCredentials.create(
        environment.get(prefix + "ACCESS_KEY_ID"), environment.get(prefix + "SECRET_ACCESS_KEY"));
  }

  /** A client of somebody. */
  <B extends AwsClientBuilder<B, C> & SdkSyncClientBuilder<B, C>, C> C client(
      B builder, AwsCredentials who) {
    return builder
        .endpointOverride(URI.create(stand.environment().get("GATEHOUSE_ENDPOINT")))
        .region(Region.US_EAST_1)
        .credentialsProvider(StaticCredentialsProvider.create(who))
        .overrideConfiguration(
            configuration ->
                configuration
                    .retryStrategy(
                        AwsRetryStrategy.standardRetryStrategy().toBuilder()
                            .maxAttempts(15)
                            .build())
                    .addExecutionInterceptor(new Recorder()))
        .httpClientBuilder(ApacheHttpClient.builder().tlsTrustManagersProvider(() -> trust))
        .build();
  }

  private static TrustManager[] trust(Path ca) throws IOException, GeneralSecurityException {
    KeyStore anchors = KeyStore.getInstance("PKCS12");
    anchors.load(null, null);
    try (InputStream in = Files.newInputStream(ca)) {
      anchors.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(anchors);
    return factory.getTrustManagers();
  }

  /** Is told of calls that have ended well only. */
  private final class Recorder implements ExecutionInterceptor {
    @Override
    public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
      String service = attributes.getAttribute(SdkExecutionAttribute.SERVICE_NAME);
      String operation = attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
      succeeded.add(Objects.requireNonNull(SERVICES.get(service), service) + " " + operation);
    }
  }
}
