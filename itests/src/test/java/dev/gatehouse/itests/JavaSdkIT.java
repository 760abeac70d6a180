package dev.gatehouse.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Map;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.client.builder.SdkSyncClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iot.IotClient;
import software.amazon.awssdk.services.iot.model.AttributePayload;
import software.amazon.awssdk.services.iot.model.CreateKeysAndCertificateResponse;
import software.amazon.awssdk.services.iot.model.IotException;
import software.amazon.awssdk.services.iot.model.ResourceNotFoundException;
import software.amazon.awssdk.services.iot.model.ThingAttribute;
import software.amazon.awssdk.services.iotdataplane.IotDataPlaneClient;
import software.amazon.awssdk.services.iotdataplane.model.ConflictException;

/** The AWS SDK for Java v2, unmodified, but for where it finds the gateway and whom it trusts. */
class JavaSdkIT {
  @TempDir static Path directory;
  private static Gateway gateway;
  private static IotClient iot;
  private static IotDataPlaneClient data;

  @BeforeAll
  static void up() throws Exception {
    gateway = new Gateway(directory.resolve("home")).up();
    iot = configured(IotClient.builder(), null).build();
    data = configured(IotDataPlaneClient.builder(), null).build();
  }

  @AfterAll
  static void down() {
    iot.close();
    data.close();
    gateway.close();
  }

  private static <B extends AwsClientBuilder<B, C> & SdkSyncClientBuilder<B, C>, C> B configured(
      B builder, String secret) throws IOException, GeneralSecurityException {
    Map<String, String> environment = gateway.environment();
    TrustManager[] trust = trust(Path.of(environment.get("AWS_CA_BUNDLE")));
    String key = environment.get("AWS_ACCESS_KEY_ID");
    return builder
        .endpointOverride(URI.create(environment.get("GATEHOUSE_ENDPOINT")))
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(
                    key, secret == null ? environment.get("AWS_SECRET_ACCESS_KEY") : secret)))
        .httpClientBuilder(UrlConnectionHttpClient.builder().tlsTrustManagersProvider(() -> trust));
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

  @Test
  void thingsAreManaged() {
    String arn =
        iot.createThing(
                thing ->
                    thing
                        .thingName("lamp")
                        .attributePayload(
                            AttributePayload.builder()
                                .attributes(Map.of("room", "kitchen"))
                                .build()))
            .thingArn();
    assertThat(arn).endsWith(":thing/lamp");
    assertThat(iot.describeThing(thing -> thing.thingName("lamp")).attributes())
        .containsEntry("room", "kitchen");
    List<String> names =
        iot.listThingsPaginator().things().stream().map(ThingAttribute::thingName).toList();
    assertThat(names).contains("lamp");
    iot.deleteThing(thing -> thing.thingName("lamp"));
    assertThatThrownBy(() -> iot.describeThing(thing -> thing.thingName("lamp")))
        .isInstanceOf(ResourceNotFoundException.class)
        .hasMessageContaining("lamp");
  }

  @Test
  void certificatesAndPoliciesAreManaged() {
    CreateKeysAndCertificateResponse made =
        iot.createKeysAndCertificate(request -> request.setAsActive(true));
    assertThat(made.keyPair().privateKey()).contains("PRIVATE KEY");
    String document =
        "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"iot:*\","
            + "\"Resource\":\"*\"}}";
    iot.createPolicy(policy -> policy.policyName("p").policyDocument(document));
    iot.attachPolicy(request -> request.policyName("p").target(made.certificateArn()));
    assertThat(iot.listAttachedPolicies(r -> r.target(made.certificateArn())).policies())
        .extracting(policy -> policy.policyName())
        .containsExactly("p");
  }

  @Test
  void shadowsAndMessagesWithSlashesInTheirTopicsAreSent() {
    data.publish(
        message -> message.topic("a/b c/ü").qos(1).payload(SdkBytes.fromUtf8String("hello")));
    data.updateThingShadow(
        update ->
            update
                .thingName("lamp2")
                .payload(SdkBytes.fromUtf8String("{\"state\":{\"desired\":{\"on\":true}}}")));
    assertThat(data.getThingShadow(get -> get.thingName("lamp2")).payload().asUtf8String())
        .contains("\"desired\":{\"on\":true}");
    assertThatThrownBy(
            () ->
                data.updateThingShadow(
                    update ->
                        update
                            .thingName("lamp2")
                            .payload(
                                SdkBytes.fromUtf8String(
                                    "{\"version\":99,\"state\":{\"desired\":{\"on\":false}}}"))))
        .isInstanceOf(ConflictException.class);
  }

  @Test
  void aWrongSecretIsRefused() throws Exception {
    try (IotClient forger = configured(IotClient.builder(), "x".repeat(40)).build()) {
      assertThatThrownBy(forger::listThings)
          .isInstanceOfSatisfying(
              IotException.class,
              e ->
                  assertThat(e.awsErrorDetails().errorCode())
                      .isEqualTo("InvalidSignatureException"));
    }
  }
}
