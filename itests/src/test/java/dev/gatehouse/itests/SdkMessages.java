package dev.gatehouse.itests;

import static dev.gatehouse.itests.SdkClients.ARN;
import static dev.gatehouse.itests.SdkRegistry.assertFresh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.cloudtrail.model.Event;
import software.amazon.awssdk.services.cloudtrail.model.InvalidMaxResultsException;
import software.amazon.awssdk.services.cloudtrail.model.LookupAttribute;
import software.amazon.awssdk.services.cloudtrail.model.LookupAttributeKey;
import software.amazon.awssdk.services.iot.IotClient;
import software.amazon.awssdk.services.iot.model.Action;
import software.amazon.awssdk.services.iot.model.InvalidRequestException;
import software.amazon.awssdk.services.iot.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.iot.model.SqlParseException;
import software.amazon.awssdk.services.iot.model.TopicRule;
import software.amazon.awssdk.services.iot.model.TopicRuleDestination;
import software.amazon.awssdk.services.iot.model.TopicRuleDestinationStatus;
import software.amazon.awssdk.services.iot.model.TopicRuleListItem;
import software.amazon.awssdk.services.iot.model.TopicRulePayload;
import software.amazon.awssdk.services.iot.model.UnauthorizedException;
import software.amazon.awssdk.services.iotdataplane.IotDataPlaneClient;
import software.amazon.awssdk.services.iotdataplane.model.ConflictException;
import software.amazon.awssdk.services.iotdataplane.model.PayloadFormatIndicator;
import software.amazon.awssdk.services.iotdataplane.model.RequestEntityTooLargeException;
import software.amazon.awssdk.services.iotdataplane.model.ResourceNotFoundException;

/** Rules, destinations, shadows, messages and the audit trail by the SDK. */
final class SdkMessages {
  private static final String ROLE = "arn:aws:iam::000000000000:role/r";

  private final SdkClients clients;
  private final IotClient iot;
  private final IotDataPlaneClient data;

  SdkMessages(SdkClients clients) {
    this.clients = clients;
    this.iot = clients.iot;
    this.data = clients.data;
  }

  private static TopicRulePayload payload(String sql) {
    return TopicRulePayload.builder()
        .sql(sql)
        .description("hot")
        .awsIotSqlVersion("2016-03-23")
        .ruleDisabled(false)
        .actions(
            Action.builder()
                .republish(r -> r.topic("hot/${topic(2)}").qos(1).roleArn(ROLE))
                .build(),
            Action.builder()
                .s3(s -> s.bucketName("bucket").key("${topic(2)}").roleArn(ROLE))
                .build())
        .errorAction(action -> action.republish(r -> r.topic("failed").roleArn(ROLE)))
        .build();
  }

  void rules() {
    TopicRulePayload hot = payload("SELECT temp FROM 'in/+' WHERE temp > 50");
    iot.createTopicRule(r -> r.ruleName("hot").topicRulePayload(hot));
    assertThatThrownBy(() -> iot.createTopicRule(r -> r.ruleName("hot").topicRulePayload(hot)))
        .isInstanceOf(ResourceAlreadyExistsException.class);
    assertThatThrownBy(
            () -> iot.createTopicRule(r -> r.ruleName("bad").topicRulePayload(payload("SELEC"))))
        .isInstanceOf(SqlParseException.class);
    var answer = iot.getTopicRule(r -> r.ruleName("hot"));
    assertThat(answer.ruleArn()).isEqualTo(ARN + "rule/hot");
    TopicRule found = answer.rule();
    assertThat(found.sql()).isEqualTo(hot.sql());
    assertThat(found.actions()).isEqualTo(hot.actions());
    assertThat(found.errorAction()).isEqualTo(hot.errorAction());
    assertThat(found.description()).isEqualTo("hot");
    assertThat(found.awsIotSqlVersion()).isEqualTo("2016-03-23");
    assertFresh(found.createdAt());
    iot.disableTopicRule(r -> r.ruleName("hot"));
    List<TopicRuleListItem> listed =
        iot.listTopicRulesPaginator(r -> r.topic("in/x")).rules().stream().toList();
    assertThat(listed).hasSize(1);
    assertThat(listed.get(0).ruleDisabled()).isTrue();
    assertThat(listed.get(0).topicPattern()).isEqualTo("in/+");
    assertFresh(listed.get(0).createdAt());
    iot.enableTopicRule(r -> r.ruleName("hot"));
    iot.replaceTopicRule(r -> r.ruleName("hot").topicRulePayload(payload("SELECT * FROM 'out'")));
    assertThat(iot.getTopicRule(r -> r.ruleName("hot")).rule().sql())
        .isEqualTo("SELECT * FROM 'out'");
    iot.deleteTopicRule(r -> r.ruleName("hot"));
    assertThatThrownBy(() -> iot.getTopicRule(r -> r.ruleName("hot")))
        .isInstanceOf(UnauthorizedException.class);
  }

  /** Keeps what it is asked to confirm. */
  private HttpsServer hook(BlockingQueue<JsonNode> asked)
      throws IOException, GeneralSecurityException {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(clients.stand().hookContext()));
    server.createContext(
        "/",
        exchange -> {
          asked.add(Gateway.JSON.readTree(exchange.getRequestBody()));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    return server;
  }

  private TopicRuleDestination create(String url) {
    return iot.createTopicRuleDestination(
            d ->
                d.destinationConfiguration(
                    c -> c.httpUrlConfiguration(h -> h.confirmationUrl(url))))
        .topicRuleDestination();
  }

  void destinations() throws Exception {
    BlockingQueue<JsonNode> asked = new LinkedBlockingQueue<>();
    HttpsServer server = hook(asked);
    try {
      assertThatThrownBy(() -> create("https://evil.example/"))
          .isInstanceOf(InvalidRequestException.class);
      String url = "https://localhost:" + server.getAddress().getPort() + "/";
      TopicRuleDestination made = create(url);
      assertThat(made.status()).isEqualTo(TopicRuleDestinationStatus.IN_PROGRESS);
      assertThat(made.httpUrlProperties().confirmationUrl()).isEqualTo(url);
      assertFresh(made.createdAt(), made.lastUpdatedAt());
      JsonNode wish = asked.poll(20, TimeUnit.SECONDS);
      assertThat(wish.get("arn").asText()).isEqualTo(made.arn());
      iot.confirmTopicRuleDestination(
          d -> d.confirmationToken(wish.get("confirmationToken").asText()));
      assertThat(
              iot.getTopicRuleDestination(d -> d.arn(made.arn())).topicRuleDestination().status())
          .isEqualTo(TopicRuleDestinationStatus.ENABLED);
      iot.updateTopicRuleDestination(
          d -> d.arn(made.arn()).status(TopicRuleDestinationStatus.DISABLED));
      var listed =
          iot.listTopicRuleDestinationsPaginator(d -> {}).destinationSummaries().stream().toList();
      assertThat(listed).hasSize(1);
      assertThat(listed.get(0).status()).isEqualTo(TopicRuleDestinationStatus.DISABLED);
      assertThat(listed.get(0).httpUrlSummary().confirmationUrl()).isEqualTo(url);
      iot.deleteTopicRuleDestination(d -> d.arn(made.arn()));
      assertThatThrownBy(() -> iot.deleteTopicRuleDestination(d -> d.arn(made.arn())))
          .isInstanceOf(UnauthorizedException.class);
    } finally {
      server.stop(0);
    }
  }

  private static SdkBytes bytes(String text) {
    return SdkBytes.fromUtf8String(text);
  }

  void shadows() {
    data.updateThingShadow(
        s -> s.thingName("bulb").payload(bytes("{\"state\":{\"desired\":{\"on\":true}}}")));
    assertThat(data.getThingShadow(s -> s.thingName("bulb")).payload().asUtf8String())
        .contains("\"desired\":{\"on\":true}");
    data.updateThingShadow(
        s -> s.thingName("bulb").shadowName("moon").payload(bytes("{\"state\":{}}")));
    var names = data.listNamedShadowsForThing(s -> s.thingName("bulb").pageSize(5));
    assertThat(names.results()).containsExactly("moon");
    assertThat(names.timestamp()).isPositive();
    assertThatThrownBy(
            () ->
                data.updateThingShadow(
                    s -> s.thingName("bulb").payload(bytes("{\"version\":99,\"state\":{}}"))))
        .isInstanceOf(ConflictException.class);
    String tooLarge = "{\"state\":{\"desired\":{\"a\":\"" + "x".repeat(200_000) + "\"}}}";
    assertThatThrownBy(
            () -> data.updateThingShadow(s -> s.thingName("bulb").payload(bytes(tooLarge))))
        .isInstanceOf(RequestEntityTooLargeException.class);
    data.deleteThingShadow(s -> s.thingName("bulb").shadowName("moon"));
    assertThat(data.deleteThingShadow(s -> s.thingName("bulb")).payload().asUtf8String())
        .contains("\"version\":1");
    assertThatThrownBy(() -> data.getThingShadow(s -> s.thingName("bulb")))
        .isInstanceOf(ResourceNotFoundException.class);
  }

  void publishing() {
    String properties = "[{\"one\": \"1\"}]";
    data.publish(
        p ->
            p.topic("a/b c/ü")
                .qos(1)
                .payload(bytes("hello"))
                .contentType("text/plain")
                .responseTopic("back")
                .messageExpiry(60L)
                .correlationData("aWQ=")
                .payloadFormatIndicator(PayloadFormatIndicator.UTF8_DATA)
                .userProperties(properties));
    assertThatThrownBy(() -> data.publish(p -> p.topic("a/#").payload(bytes("x"))))
        .isInstanceOf(
            software.amazon.awssdk.services.iotdataplane.model.InvalidRequestException.class);
  }

  void audit() {
    LookupAttribute byName =
        LookupAttribute.builder()
            .attributeKey(LookupAttributeKey.EVENT_NAME)
            .attributeValue("DescribeThing")
            .build();
    assertThatThrownBy(() -> iot.describeThing(t -> t.thingName("audited")))
        .isInstanceOf(software.amazon.awssdk.services.iot.model.ResourceNotFoundException.class);
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              List<Event> events =
                  clients.trail.lookupEvents(l -> l.lookupAttributes(byName)).events();
              assertThat(events)
                  .anySatisfy(
                      event -> {
                        assertThat(event.cloudTrailEvent()).contains("\"audited\"");
                        assertThat(event.username()).isEqualTo("admin");
                        assertThat(event.readOnly()).isEqualTo("true");
                        assertFresh(event.eventTime());
                      });
            });
    assertThatThrownBy(() -> clients.trail.lookupEvents(l -> l.maxResults(51)))
        .isInstanceOf(InvalidMaxResultsException.class);
  }
}
