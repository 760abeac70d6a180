package dev.gatehouse.mqtt;

import dev.gatehouse.api.identity.Authentication;
import dev.gatehouse.api.identity.Authorizer;
import dev.gatehouse.api.identity.PolicyVariables;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.identity.Rights;
import dev.gatehouse.api.memory.MemoryShare;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.Origin;
import dev.gatehouse.api.session.SessionOpening;
import dev.gatehouse.api.session.SessionRequest;
import dev.gatehouse.api.session.Will;
import dev.gatehouse.api.session.WillRights;
import dev.gatehouse.mqtt.codec.MqttException;
import dev.gatehouse.mqtt.codec.Packet;
import dev.gatehouse.mqtt.codec.PacketEncoder;
import dev.gatehouse.mqtt.codec.Properties;
import dev.gatehouse.mqtt.codec.Property;
import dev.gatehouse.mqtt.codec.ReasonCode;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What a CONNECT goes through before it is answered: who is it, may it, and its session. */
final class ConnectStep {
  private final EdgeServices services;
  private final Channel channel;
  private final InetAddress source;
  private final Way way;
  private final Packet.Connect connect;
  private final String clientId;
  private final MqttLimits limits;
  private final int topicAliases;

  ConnectStep(
      EdgeServices services, Channel channel, InetAddress source, Way way, Packet.Connect connect) {
    this.way = way;
    this.services = services;
    this.channel = channel;
    this.source = source;
    this.connect = connect;
    this.limits = services.limits().get();
    MemoryShare aliases = services.memory().aliases;
    // whoever was told that it may use aliases must have the memory for them
    boolean scarce = aliases.usedBytes() > aliases.limitBytes() / 4 * 3;
    this.topicAliases = scarce ? 0 : limits.topicAliases();
    this.clientId = connect.clientId().isEmpty() ? "auto-" + UUID.randomUUID() : connect.clientId();
  }

  /**
   * A client that is in, and what CONNACK says to it.
   *
   * @param present whether it had a session
   */
  record Answered(Client client, boolean present, int keepAliveSeconds, Properties properties) {}

  /** What a client takes; anything if it does not say, or has not said anything yet. */
  static int maxPacketBytes(Packet.@Nullable Connect connect) {
    long most =
        connect == null
            ? Long.MAX_VALUE
            : connect.properties().number(Property.MAXIMUM_PACKET_SIZE).orElse(Long.MAX_VALUE);
    return (int) Math.min(Integer.MAX_VALUE, most);
  }

  /**
   * Runs.
   *
   * @param authentication who it is
   * @return completes on any thread; exceptionally with an {@link MqttException} for CONNACK
   */
  CompletionStage<Answered> run(CompletionStage<Authentication> authentication) {
    check();
    return authentication.thenCompose(this::authenticated);
  }

  private void check() {
    if (connect.properties().text(Property.AUTHENTICATION_METHOD).isPresent()) {
      throw new MqttException(
          ReasonCode.BAD_AUTHENTICATION_METHOD, "enhanced authentication is not offered");
    }
    if (connect.properties().binary(Property.AUTHENTICATION_DATA).isPresent()) {
      throw new MqttException(
          ReasonCode.PROTOCOL_ERROR, "authentication data without a method (3.1.2.11.10)");
    }
    int clientIdBytes = connect.clientId().getBytes(StandardCharsets.UTF_8).length;
    if (clientIdBytes > limits.clientIdBytes()) {
      throw new MqttException(
          ReasonCode.CLIENT_IDENTIFIER_NOT_VALID,
          "a client id of %d bytes, at most %d are taken"
              .formatted(clientIdBytes, limits.clientIdBytes()));
    }
    if (limits.guide()) {
      checkByTheGuide();
    }
    if (connect.version() == 4 && connect.clientId().isEmpty() && !connect.cleanStart()) {
      throw new MqttException(
          ReasonCode.CLIENT_IDENTIFIER_NOT_VALID,
          "a session that is to be kept needs a client id (MQTT 3.1.1) [MQTT-3.1.3-8]");
    }
  }

  /** Guide, Message Broker, "MQTT", and the restricted client id prefix of its limits. */
  private void checkByTheGuide() {
    Packet.WillPart will = connect.will();
    if (connect.clientId().startsWith("$")) {
      throw new MqttException(
          ReasonCode.CLIENT_IDENTIFIER_NOT_VALID, "client ids that begin with $ are reserved");
    }
    if (will != null && will.retain()) {
      throw new MqttException(
          ReasonCode.RETAIN_NOT_SUPPORTED, "the profile aws-iot-2016 does not retain messages");
    }
    if (will != null && will.qos() == 2) {
      throw new MqttException(
          ReasonCode.QOS_NOT_SUPPORTED, "the profile aws-iot-2016 does not serve QoS 2");
    }
    if (connect.version() == 4 && !connect.cleanStart()) {
      throw new MqttException(
          ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR,
          "the profile aws-iot-2016 keeps no sessions: set clean session");
    }
  }

  private CompletionStage<Answered> authenticated(Authentication authentication) {
    Principal principal = principal(authentication);
    ConnectionRights rights =
        new ConnectionRights(
            services.authorizer().rights(principal, variables(principal, clientId, source, way)),
            principal.account(),
            services.memory().rights);
    if (!rights.connect(clientId)) {
      throw new MqttException(
          ReasonCode.NOT_AUTHORIZED, "iot:Connect is not allowed for client/" + clientId);
    }
    boolean problems =
        connect.properties().number(Property.REQUEST_PROBLEM_INFORMATION).orElse(1L) == 1;
    int aliases = connect.properties().number(Property.TOPIC_ALIAS_MAXIMUM).orElse(0L).intValue();
    PacketEncoder encoder = new PacketEncoder(connect.version(), maxPacketBytes(connect), problems);
    int keepAlive = keepAlive();
    Properties answer = answer(keepAlive);
    if (connect.version() == 5 && !encoder.fits(answer)) {
      throw new MqttException(
          ReasonCode.PACKET_TOO_LARGE, "no CONNACK is as small as the client takes packets");
    }
    Outbound outbound = new Outbound(services, channel, encoder, rights, aliases);
    return services
        .sessions()
        .open(request(principal, will(principal, rights)), outbound)
        .thenApply(
            opening -> {
              SessionOpening.Opened opened = opened(opening);
              Client client =
                  new Client(
                      principal,
                      clientId,
                      outbound,
                      opened.session(),
                      connect.bridge(),
                      limits,
                      topicAliases);
              return new Answered(client, opened.present(), keepAlive, answer);
            });
  }

  /** Held as long as the connection, so it holds nothing of what is done with CONNECT. */
  static PolicyVariables variables(
      Principal principal, String clientId, InetAddress source, Way way) {
    return () -> {
      Map<String, String> known = new HashMap<>(way.keys());
      known.put("iot:ClientId", clientId);
      known.put("aws:SourceIp", source.getHostAddress());
      known.put("aws:SecureTransport", Boolean.toString(way.secure()));
      if (principal instanceof Principal.Certificate certificate) {
        known.put("iot:CertificateId", certificate.certificateId());
      }
      return known;
    };
  }

  /**
   * How a client came.
   *
   * @param keys condition keys of the request that it came by
   */
  record Way(boolean secure, Map<String, String> keys) {
    private static final Way TLS = new Way(true, Map.of()); // most have it in common
    private static final Way PLAIN = new Way(false, Map.of());

    static Way of(boolean secure, Map<String, String> keys) {
      return keys.isEmpty() ? (secure ? TLS : PLAIN) : new Way(secure, keys);
    }
  }

  /** The rights of clients whose wills the gateway kept through a restart. */
  static WillRights willRights(Authorizer authorizer) {
    return (origin, topic, retained) -> {
      Principal principal = origin.principal();
      String clientId = Objects.requireNonNull(origin.clientId(), "a will has a client id");
      String address = Objects.requireNonNull(origin.sourceIp(), "a will has a source address");
      InetAddress source = new InetSocketAddress(address, 0).getAddress(); // it is a literal
      Rights rights =
          authorizer.rights(principal, variables(principal, clientId, source, before(principal)));
      return ConnectionRights.lackingOnce(rights, principal.account(), topic.value(), retained)
          == null;
    };
  }

  /** How a client came before a restart: its session, if it had one, counts as an old one. */
  private static Way before(Principal principal) {
    boolean session =
        principal instanceof Principal.RoleSession
            || principal instanceof Principal.CognitoIdentity;
    return Way.of(
        !(principal instanceof Principal.Anonymous),
        session ? Map.of("aws:TokenIssueTime", Instant.EPOCH.toString()) : Map.of());
  }

  private static Principal principal(Authentication authentication) {
    if (authentication instanceof Authentication.Accepted accepted) {
      return accepted.principal();
    }
    if (authentication instanceof Authentication.Refused refused) {
      throw new MqttException(
          refused.reason() == Authentication.Reason.UNAVAILABLE
              ? ReasonCode.SERVER_UNAVAILABLE
              : ReasonCode.NOT_AUTHORIZED,
          refused.message());
    }
    // As AWS does it, MQTT 3.1.1 is told nothing: a client that is would not come again.
    throw new MqttException(
        ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR,
        "the certificate is registered now and waits to be activated; connect again");
  }

  private @Nullable Will will(Principal principal, ConnectionRights rights) {
    Packet.WillPart part = connect.will();
    if (part == null) {
      return null;
    }
    Origin origin = new Origin(principal, clientId, source.getHostAddress());
    Message message = Messages.of(part, origin, services.clock());
    if (message.topic().value().startsWith("$")) {
      return null; // wills on reserved topics are ignored (guide: Message Broker)
    }
    String fault = limits.fault("will topic", part.topic());
    if (fault != null) {
      throw new MqttException(ReasonCode.TOPIC_NAME_INVALID, fault);
    }
    if (part.payload().length > limits.payloadBytes()) {
      throw new MqttException(
          ReasonCode.PACKET_TOO_LARGE,
          "a will of %d bytes, at most %d are taken"
              .formatted(part.payload().length, limits.payloadBytes()));
    }
    String lacking = rights.lackingOnce(part.topic(), part.retain());
    if (lacking != null) {
      throw new MqttException(
          ReasonCode.NOT_AUTHORIZED, lacking + " is not allowed for the will's topic");
    }
    long delay = part.properties().number(Property.WILL_DELAY_INTERVAL).orElse(0L);
    boolean retained = part.retain();
    return new Will(message, delay, () -> rights.lackingOnce(part.topic(), retained) == null);
  }

  private SessionRequest request(Principal principal, @Nullable Will will) {
    long expiry =
        limits.guide()
            ? 0
            : connect.version() == 5
                ? connect.properties().number(Property.SESSION_EXPIRY_INTERVAL).orElse(0L)
                : connect.cleanStart() ? 0 : SessionRequest.NEVER_EXPIRES;
    int window = connect.properties().number(Property.RECEIVE_MAXIMUM).orElse(65_535L).intValue();
    return new SessionRequest(
        principal.account(),
        clientId,
        principal,
        connect.cleanStart(),
        expiry,
        Math.min(window, limits.sendMaximum()),
        will,
        source);
  }

  private static SessionOpening.Opened opened(SessionOpening opening) {
    if (!(opening instanceof SessionOpening.Opened session)) {
      SessionOpening.Refused refused = (SessionOpening.Refused) opening;
      throw new MqttException(
          switch (refused.reason()) {
            case STORE_UNAVAILABLE -> ReasonCode.SERVER_UNAVAILABLE;
            case QUOTA_EXCEEDED -> ReasonCode.QUOTA_EXCEEDED;
          },
          refused.message());
    }
    return session;
  }

  private int keepAlive() {
    int asked = connect.keepAliveSeconds();
    int longest = connect.version() == 5 || limits.guide() ? limits.maxKeepAliveSeconds() : 65_535;
    if (asked == 0) {
      return longest == 65_535 ? 0 : longest;
    }
    return Math.min(longest, Math.max(asked, limits.minKeepAliveSeconds()));
  }

  /** What CONNACK tells an MQTT 5 client of this server (3.2.2.3). */
  private Properties answer(int keepAlive) {
    Properties answer =
        new Properties()
            .with(Property.RECEIVE_MAXIMUM, limits.receiveMaximum())
            .with(Property.MAXIMUM_PACKET_SIZE, limits.packetBytes())
            .with(Property.TOPIC_ALIAS_MAXIMUM, topicAliases);
    if (keepAlive != connect.keepAliveSeconds()) {
      answer.with(Property.SERVER_KEEP_ALIVE, keepAlive);
    }
    if (limits.guide()) {
      answer
          .with(Property.MAXIMUM_QOS, 1)
          .with(Property.RETAIN_AVAILABLE, 0)
          .with(Property.SESSION_EXPIRY_INTERVAL, 0);
    }
    if (connect.clientId().isEmpty()) {
      answer.with(Property.ASSIGNED_CLIENT_IDENTIFIER, clientId);
    }
    return answer;
  }
}
