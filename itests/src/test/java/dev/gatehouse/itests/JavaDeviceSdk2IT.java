package dev.gatehouse.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.crt.CrtRuntimeException;
import software.amazon.awssdk.crt.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.crt.iot.MqttRequestResponseClientOptions;
import software.amazon.awssdk.crt.iot.StreamingOperation;
import software.amazon.awssdk.crt.mqtt.MqttClientConnection;
import software.amazon.awssdk.crt.mqtt.MqttClientConnectionEvents;
import software.amazon.awssdk.crt.mqtt.MqttMessage;
import software.amazon.awssdk.crt.mqtt.QualityOfService;
import software.amazon.awssdk.crt.mqtt5.Mqtt5Client;
import software.amazon.awssdk.crt.mqtt5.Mqtt5ClientOptions;
import software.amazon.awssdk.crt.mqtt5.OnAttemptingConnectReturn;
import software.amazon.awssdk.crt.mqtt5.OnConnectionFailureReturn;
import software.amazon.awssdk.crt.mqtt5.OnConnectionSuccessReturn;
import software.amazon.awssdk.crt.mqtt5.OnDisconnectionReturn;
import software.amazon.awssdk.crt.mqtt5.OnStoppedReturn;
import software.amazon.awssdk.iot.AwsIotMqtt5ClientBuilder;
import software.amazon.awssdk.iot.AwsIotMqttConnectionBuilder;
import software.amazon.awssdk.iot.V2ClientStreamOptions;
import software.amazon.awssdk.iot.iotshadow.IotShadowClient;
import software.amazon.awssdk.iot.iotshadow.IotShadowV2Client;
import software.amazon.awssdk.iot.iotshadow.model.DeleteShadowRequest;
import software.amazon.awssdk.iot.iotshadow.model.ErrorResponse;
import software.amazon.awssdk.iot.iotshadow.model.GetShadowRequest;
import software.amazon.awssdk.iot.iotshadow.model.GetShadowResponse;
import software.amazon.awssdk.iot.iotshadow.model.GetShadowSubscriptionRequest;
import software.amazon.awssdk.iot.iotshadow.model.ShadowDeltaUpdatedEvent;
import software.amazon.awssdk.iot.iotshadow.model.ShadowDeltaUpdatedSubscriptionRequest;
import software.amazon.awssdk.iot.iotshadow.model.ShadowState;
import software.amazon.awssdk.iot.iotshadow.model.UpdateShadowRequest;
import software.amazon.awssdk.iot.iotshadow.model.UpdateShadowResponse;
import software.amazon.awssdk.iot.iotshadow.model.UpdateShadowSubscriptionRequest;
import software.amazon.awssdk.iot.iotshadow.model.V2ErrorResponseException;

/** The AWS IoT Device SDK for Java v2, unmodified, with its native parts. */
class JavaDeviceSdk2IT {
  @TempDir static Path directory;
  private static Gateway gateway;
  private static Device device;
  private static String authority;

  /** How it connects: it offers ALPN {@code x-amzn-mqtt-ca} on every port. */
  enum How {
    MTLS,
    ALPN,
    WSS;

    int port() {
      String setting = this == MTLS ? "GATEHOUSE_MQTTS_PORT" : "GATEHOUSE_HTTPS_PORT";
      return Integer.parseInt(gateway.setting(setting));
    }
  }

  @BeforeAll
  static void up() {
    gateway = new Gateway(directory.resolve("home")).up();
    device = new Device(gateway, directory.resolve("device"), Device.allow("iot:*"));
    authority = gateway.home().resolve("pki/ca.pem").toString();
  }

  @AfterAll
  static void down() {
    gateway.close();
  }

  private static StaticCredentialsProvider admin() {
    Map<String, String> admin = gateway.environment();
    return credentials(admin.get("AWS_ACCESS_KEY_ID"), admin.get("AWS_SECRET_ACCESS_KEY"));
  }

  private static StaticCredentialsProvider credentials(String id, String secret) {
    return new StaticCredentialsProvider.StaticCredentialsProviderBuilder()
        .withAccessKeyId(id.getBytes(StandardCharsets.UTF_8))
        .withSecretAccessKey(secret.getBytes(StandardCharsets.UTF_8))
        .build();
  }

  private static MqttClientConnection connection(How how, String id) throws Exception {
    AwsIotMqttConnectionBuilder builder =
        how == How.WSS
            ? AwsIotMqttConnectionBuilder.newDefaultBuilder()
                .withWebsockets(true)
                .withWebsocketSigningRegion("us-east-1")
                .withWebsocketCredentialsProvider(admin())
            : AwsIotMqttConnectionBuilder.newMtlsBuilderFromPath(
                device.certificate().toString(), device.key().toString());
    try (builder) {
      return builder
          .withCertificateAuthorityFromPath(null, authority)
          .withEndpoint("localhost")
          .withPort(how.port())
          .withClientId(id)
          .withCleanSession(true)
          .build();
    }
  }

  private static AwsIotMqtt5ClientBuilder builder5(How how) {
    if (how == How.WSS) {
      AwsIotMqtt5ClientBuilder.WebsocketSigv4Config signing =
          new AwsIotMqtt5ClientBuilder.WebsocketSigv4Config();
      signing.region = "us-east-1";
      signing.credentialsProvider = admin();
      return AwsIotMqtt5ClientBuilder.newWebsocketMqttBuilderWithSigv4Auth("localhost", signing);
    }
    return AwsIotMqtt5ClientBuilder.newDirectMqttBuilderWithMtlsFromPath(
        "localhost", device.certificate().toString(), device.key().toString());
  }

  /** Tells that the connection stands, or why it does not. */
  private record WhenConnected(CompletableFuture<Void> connected)
      implements Mqtt5ClientOptions.LifecycleEvents {
    @Override
    public void onAttemptingConnect(Mqtt5Client client, OnAttemptingConnectReturn attempt) {}

    @Override
    public void onConnectionSuccess(Mqtt5Client client, OnConnectionSuccessReturn success) {
      connected.complete(null);
    }

    @Override
    public void onConnectionFailure(Mqtt5Client client, OnConnectionFailureReturn failure) {
      connected.completeExceptionally(new CrtRuntimeException(failure.getErrorCode()));
    }

    @Override
    public void onDisconnection(Mqtt5Client client, OnDisconnectionReturn end) {}

    @Override
    public void onStopped(Mqtt5Client client, OnStoppedReturn stopped) {}
  }

  private static <T> T soon(CompletableFuture<T> future) throws Exception {
    return future.get(20, TimeUnit.SECONDS);
  }

  private static ShadowState color(String desired, String reported) {
    ShadowState state = new ShadowState();
    state.desired = desired == null ? null : new HashMap<>(Map.of("color", desired));
    state.reported = reported == null ? null : new HashMap<>(Map.of("color", reported));
    return state;
  }

  private static UpdateShadowRequest update(String thing, ShadowState state) {
    UpdateShadowRequest update = new UpdateShadowRequest();
    update.thingName = thing;
    update.state = state;
    update.clientToken = "token-" + thing;
    return update;
  }

  @ParameterizedTest
  @EnumSource
  void itPublishesAndReceives(How how) throws Exception {
    try (MqttClientConnection connection = connection(how, "java2-" + how)) {
      soon(connection.connect());
      CompletableFuture<String> heard = new CompletableFuture<>();
      soon(
          connection.subscribe(
              "java2/" + how,
              QualityOfService.AT_LEAST_ONCE,
              message -> heard.complete(new String(message.getPayload(), StandardCharsets.UTF_8))));
      byte[] hello = "hello".getBytes(StandardCharsets.UTF_8);
      soon(
          connection.publish(
              new MqttMessage("java2/" + how, hello, QualityOfService.AT_LEAST_ONCE)));
      assertThat(soon(heard)).isEqualTo("hello");
      soon(connection.disconnect());
    }
  }

  @Test
  void aKeyThatIsWithdrawnEndsWhatWasSignedWithIt() throws Exception {
    gateway.aws("iam", "create-user", "--user-name", "anna").ok();
    String policy = "arn:aws:iam::aws:policy/AWSIoTDataAccess";
    gateway.aws("iam", "attach-user-policy", "--user-name", "anna", "--policy-arn", policy).ok();
    JsonNode key =
        gateway.aws("iam", "create-access-key", "--user-name", "anna").json().get("AccessKey");
    String id = key.get("AccessKeyId").asText();
    Ends anna = new Ends();
    Ends others = new Ends();
    try (MqttClientConnection signed =
            webSocket("anna", anna, credentials(id, key.get("SecretAccessKey").asText()));
        MqttClientConnection other = webSocket("other", others, admin())) {
      soon(signed.connect());
      soon(other.connect());
      gateway
          .aws(
              "iam",
              "update-access-key",
              "--user-name",
              "anna",
              "--access-key-id",
              id,
              "--status",
              "Inactive")
          .ok();
      soon(anna.ended());
      assertThat(others.ended()).isNotDone();
      soon(other.disconnect());
      soon(signed.disconnect());
    }
  }

  /** When a connection ends without its client having asked for it. */
  private record Ends(CompletableFuture<Void> ended) implements MqttClientConnectionEvents {
    Ends() {
      this(new CompletableFuture<>());
    }

    @Override
    public void onConnectionInterrupted(int errorCode) {
      ended.complete(null);
    }

    @Override
    public void onConnectionResumed(boolean sessionPresent) {}
  }

  private static MqttClientConnection webSocket(
      String id, Ends ends, StaticCredentialsProvider credentials) throws Exception {
    try (AwsIotMqttConnectionBuilder builder = AwsIotMqttConnectionBuilder.newDefaultBuilder()) {
      return builder
          .withWebsockets(true)
          .withWebsocketSigningRegion("us-east-1")
          .withWebsocketCredentialsProvider(credentials)
          .withConnectionEventCallbacks(ends)
          .withCertificateAuthorityFromPath(null, authority)
          .withEndpoint("localhost")
          .withPort(How.WSS.port())
          .withClientId(id)
          .withCleanSession(true)
          .build();
    }
  }

  @ParameterizedTest
  @EnumSource
  void itsShadowClientUpdatesGetsAndHearsTheDelta(How how) throws Exception {
    String thing = "java2-" + how;
    CompletableFuture<ShadowDeltaUpdatedEvent> delta = new CompletableFuture<>();
    CompletableFuture<UpdateShadowResponse> updated = new CompletableFuture<>();
    CompletableFuture<GetShadowResponse> got = new CompletableFuture<>();
    try (MqttClientConnection connection = connection(how, thing)) {
      soon(connection.connect());
      IotShadowClient shadows = new IotShadowClient(connection);
      subscribe(shadows, thing, delta, updated, got);
      soon(
          shadows.PublishUpdateShadow(
              update(thing, color("green", "red")), QualityOfService.AT_LEAST_ONCE));
      assertThat(soon(updated).clientToken).isEqualTo("token-" + thing);
      assertThat(soon(updated).state.reported).containsEntry("color", "red");
      assertThat(soon(delta).state).containsEntry("color", "green");
      GetShadowRequest get = new GetShadowRequest();
      get.thingName = thing;
      soon(shadows.PublishGetShadow(get, QualityOfService.AT_LEAST_ONCE));
      assertThat(soon(got).state.delta).containsEntry("color", "green");
      assertThat(soon(got).version).isEqualTo(soon(updated).version);
      soon(connection.disconnect());
    }
  }

  private static void subscribe(
      IotShadowClient shadows,
      String thing,
      CompletableFuture<ShadowDeltaUpdatedEvent> delta,
      CompletableFuture<UpdateShadowResponse> updated,
      CompletableFuture<GetShadowResponse> got)
      throws Exception {
    ShadowDeltaUpdatedSubscriptionRequest deltas = new ShadowDeltaUpdatedSubscriptionRequest();
    deltas.thingName = thing;
    soon(
        shadows.SubscribeToShadowDeltaUpdatedEvents(
            deltas, QualityOfService.AT_LEAST_ONCE, delta::complete));
    UpdateShadowSubscriptionRequest updates = new UpdateShadowSubscriptionRequest();
    updates.thingName = thing;
    soon(
        shadows.SubscribeToUpdateShadowAccepted(
            updates, QualityOfService.AT_LEAST_ONCE, updated::complete));
    soon(
        shadows.SubscribeToUpdateShadowRejected(
            updates, QualityOfService.AT_LEAST_ONCE, e -> updated.completeExceptionally(why(e))));
    GetShadowSubscriptionRequest gets = new GetShadowSubscriptionRequest();
    gets.thingName = thing;
    soon(shadows.SubscribeToGetShadowAccepted(gets, QualityOfService.AT_LEAST_ONCE, got::complete));
  }

  private static Exception why(ErrorResponse error) {
    return new IllegalStateException(error.code + " " + error.message);
  }

  @ParameterizedTest
  @EnumSource
  void itsClientOfRequestsAndResponsesWorksOverMqtt5(How how) throws Exception {
    String thing = "java2-5-" + how;
    CompletableFuture<Void> connected = new CompletableFuture<>();
    try (AwsIotMqtt5ClientBuilder builder = builder5(how);
        Mqtt5Client client =
            builder
                .withCertificateAuthorityFromPath(null, authority)
                .withPort((long) how.port())
                .withClientId(thing)
                .withLifeCycleEvents(new WhenConnected(connected))
                .build()) {
      client.start();
      soon(connected);
      MqttRequestResponseClientOptions options =
          MqttRequestResponseClientOptions.builder()
              .withMaxRequestResponseSubscriptions(8)
              .withMaxStreamingSubscriptions(4)
              .withOperationTimeoutSeconds(20)
              .build();
      try (IotShadowV2Client shadows = IotShadowV2Client.newFromMqtt5(client, options)) {
        updateGetAndDelete(shadows, thing);
      }
      client.stop();
    }
  }

  private static void updateGetAndDelete(IotShadowV2Client shadows, String thing) throws Exception {
    CompletableFuture<ShadowDeltaUpdatedEvent> delta = new CompletableFuture<>();
    CompletableFuture<Void> subscribed = new CompletableFuture<>();
    ShadowDeltaUpdatedSubscriptionRequest deltas = new ShadowDeltaUpdatedSubscriptionRequest();
    deltas.thingName = thing;
    try (StreamingOperation stream =
        shadows.createShadowDeltaUpdatedStream(
            deltas,
            V2ClientStreamOptions.<ShadowDeltaUpdatedEvent>builder()
                .withStreamEventHandler(delta::complete)
                .withSubscriptionEventHandler(event -> subscribed.complete(null))
                .build())) {
      stream.open();
      soon(subscribed);
      soon(shadows.updateShadow(update(thing, color("green", "red"))));
      assertThat(soon(delta).state).containsEntry("color", "green");
    }
    GetShadowRequest get = new GetShadowRequest();
    get.thingName = thing;
    assertThat(soon(shadows.getShadow(get)).state.reported).containsEntry("color", "red");
    DeleteShadowRequest delete = new DeleteShadowRequest();
    delete.thingName = thing;
    soon(shadows.deleteShadow(delete));
    GetShadowRequest again = new GetShadowRequest();
    again.thingName = thing;
    assertThatThrownBy(() -> soon(shadows.getShadow(again)))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            V2ErrorResponseException.class,
            e -> assertThat(e.getModeledError().code).isEqualTo(404));
  }
}
