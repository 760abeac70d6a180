package dev.gatehouse.mqtt;

import dev.gatehouse.api.identity.Authentication;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.session.SessionOpening;
import dev.gatehouse.api.session.SessionRequest;
import dev.gatehouse.api.session.Will;
import dev.gatehouse.mqtt.codec.MqttException;
import dev.gatehouse.mqtt.codec.Packet;
import dev.gatehouse.mqtt.codec.PacketEncoder;
import dev.gatehouse.mqtt.codec.Properties;
import dev.gatehouse.mqtt.codec.Property;
import dev.gatehouse.mqtt.codec.ReasonCode;
import io.netty.channel.Channel;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What a CONNECT goes through before it is answered: who is it, may it, and its session. */
final class ConnectStep {
  private final EdgeServices services;
  private final Channel channel;
  private final String sourceIp;
  private final Packet.Connect connect;
  private final String clientId;

  ConnectStep(EdgeServices services, Channel channel, String sourceIp, Packet.Connect connect) {
    this.services = services;
    this.channel = channel;
    this.sourceIp = sourceIp;
    this.connect = connect;
    this.clientId = connect.clientId().isEmpty() ? "auto-" + UUID.randomUUID() : connect.clientId();
  }

  /** A client that is in. */
  record Accepted(
      Principal principal,
      String clientId,
      ConnectionRights rights,
      Messages messages,
      Outbound outbound,
      PacketEncoder encoder,
      SessionOpening.Opened session,
      Properties answer,
      int keepAliveSeconds) {}

  /**
   * Runs.
   *
   * @param chain the client's certificates; null on the plaintext listener
   * @return completes on any thread; exceptionally with an {@link MqttException} for CONNACK
   */
  CompletionStage<Accepted> run(@Nullable List<X509Certificate> chain) {
    check();
    CompletionStage<Authentication> authentication =
        chain == null
            ? CompletableFuture.completedFuture(services.authenticator().anonymous())
            : services.authenticator().certificate(chain);
    return authentication.thenCompose(this::authenticated);
  }

  private void check() {
    if (connect.properties().text(Property.AUTHENTICATION_METHOD).isPresent()) {
      throw new MqttException(
          ReasonCode.BAD_AUTHENTICATION_METHOD, "enhanced authentication is not offered");
    }
    if (connect.clientId().isEmpty() && !connect.cleanStart()) {
      throw new MqttException(
          ReasonCode.CLIENT_IDENTIFIER_NOT_VALID,
          "a session that is to be kept needs a client id [MQTT-3.1.3-8]");
    }
  }

  private CompletionStage<Accepted> authenticated(Authentication authentication) {
    if (!(authentication instanceof Authentication.Accepted accepted)) {
      throw new MqttException(
          ReasonCode.NOT_AUTHORIZED,
          authentication instanceof Authentication.Refused refused
              ? refused.message()
              : "the certificate is registered now and waits to be activated");
    }
    Principal principal = accepted.principal();
    Map<String, String> variables = new HashMap<>();
    variables.put("iot:ClientId", clientId);
    variables.put("aws:SourceIp", sourceIp);
    if (principal instanceof Principal.Certificate certificate) {
      variables.put("iot:CertificateId", certificate.certificateId());
    }
    ConnectionRights rights =
        new ConnectionRights(
            services.authorizer().rights(principal, variables), principal.account());
    if (!rights.connect(clientId)) {
      throw new MqttException(
          ReasonCode.NOT_AUTHORIZED, "iot:Connect is not allowed for client/" + clientId);
    }
    Messages messages = new Messages(principal, clientId, sourceIp, services.clock());
    long maxPacketBytes =
        connect.properties().number(Property.MAXIMUM_PACKET_SIZE).orElse(Long.MAX_VALUE);
    boolean problems =
        connect.properties().number(Property.REQUEST_PROBLEM_INFORMATION).orElse(1L) == 1;
    PacketEncoder encoder = new PacketEncoder(connect.version(), maxPacketBytes, problems);
    Outbound outbound =
        new Outbound(channel, encoder, rights, messages, connect.version(), maxPacketBytes);
    return services
        .sessions()
        .open(request(principal, will(rights, messages)), outbound)
        .thenApply(opening -> opened(opening, principal, rights, messages, outbound, encoder));
  }

  private @Nullable Will will(ConnectionRights rights, Messages messages) {
    Packet.WillPart part = connect.will();
    if (part == null) {
      return null;
    }
    Message message = messages.of(part);
    if (message.topic().value().startsWith("$")) {
      return null; // wills on reserved topics are ignored (guide: Message Broker)
    }
    if (!rights.publish(part.topic())) {
      throw new MqttException(
          ReasonCode.NOT_AUTHORIZED, "iot:Publish is not allowed for the will's topic");
    }
    long delay = part.properties().number(Property.WILL_DELAY_INTERVAL).orElse(0L);
    return new Will(message, delay, () -> rights.publish(part.topic()));
  }

  private SessionRequest request(Principal principal, @Nullable Will will) {
    long expiry =
        connect.version() == 5
            ? connect.properties().number(Property.SESSION_EXPIRY_INTERVAL).orElse(0L)
            : connect.cleanStart() ? 0 : SessionRequest.NEVER_EXPIRES;
    return new SessionRequest(
        principal.account(),
        clientId,
        principal,
        connect.cleanStart(),
        expiry,
        connect.properties().number(Property.RECEIVE_MAXIMUM).orElse(65_535L).intValue(),
        will,
        sourceIp);
  }

  private Accepted opened(
      SessionOpening opening,
      Principal principal,
      ConnectionRights rights,
      Messages messages,
      Outbound outbound,
      PacketEncoder encoder) {
    if (!(opening instanceof SessionOpening.Opened session)) {
      SessionOpening.Refused refused = (SessionOpening.Refused) opening;
      throw new MqttException(
          switch (refused.reason()) {
            case OTHER_PRINCIPAL -> ReasonCode.NOT_AUTHORIZED;
            case STORE_UNAVAILABLE -> ReasonCode.SERVER_UNAVAILABLE;
            case QUOTA_EXCEEDED -> ReasonCode.QUOTA_EXCEEDED;
          },
          refused.message());
    }
    int keepAlive = connect.keepAliveSeconds();
    int longest = services.settings().maxKeepAliveSeconds();
    boolean shortened = connect.version() == 5 && (keepAlive == 0 || keepAlive > longest);
    return new Accepted(
        principal,
        clientId,
        rights,
        messages,
        outbound,
        encoder,
        session,
        answer(shortened ? longest : 0),
        shortened ? longest : keepAlive);
  }

  /** What CONNACK tells an MQTT 5 client of this server (3.2.2.3). */
  private Properties answer(int serverKeepAlive) {
    MqttSettings settings = services.settings();
    Properties answer =
        new Properties()
            .with(Property.RECEIVE_MAXIMUM, settings.receiveMaximum())
            .with(Property.MAXIMUM_PACKET_SIZE, settings.maxPacketBytes())
            .with(Property.TOPIC_ALIAS_MAXIMUM, settings.topicAliasMaximum());
    if (serverKeepAlive > 0) {
      answer.with(Property.SERVER_KEEP_ALIVE, serverKeepAlive);
    }
    if (connect.clientId().isEmpty()) {
      answer.with(Property.ASSIGNED_CLIENT_IDENTIFIER, clientId);
    }
    return answer;
  }
}
