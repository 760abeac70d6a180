package dev.gatehouse.broker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.session.SubscriptionRequest;
import dev.gatehouse.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** A persistent session in the store. */
record SessionRow(
    SessionKey key, String owner, long expirySeconds, List<SubscriptionRequest> subscriptions) {
  static final String TABLE = "broker.sessions";
  private static final int FORMAT = 1;

  static byte[] stored(
      String owner, long expirySeconds, Collection<SubscriptionRequest> subscriptions) {
    ObjectNode node = Json.object().put("owner", owner).put("expiry", expirySeconds);
    ArrayNode list = node.putArray("subscriptions");
    for (SubscriptionRequest request : subscriptions) {
      list.addObject()
          .put("filter", request.filter().value())
          .put("qos", request.maximumQos().ordinal())
          .put("noLocal", request.noLocal())
          .put("retainAsPublished", request.retainAsPublished())
          .put("retainHandling", request.retainHandling().ordinal())
          .put("id", request.subscriptionId());
    }
    return Json.stored(FORMAT, node);
  }

  static SessionRow restored(byte[] key, byte[] value) {
    String text = new String(key, StandardCharsets.UTF_8);
    int end = text.indexOf('\0');
    int slash = text.indexOf('/');
    ObjectNode node = Json.restored(FORMAT, value);
    List<SubscriptionRequest> subscriptions = new ArrayList<>();
    for (JsonNode item : node.get("subscriptions")) {
      subscriptions.add(
          new SubscriptionRequest(
              new TopicFilter(item.get("filter").asText()),
              QoS.of(item.get("qos").asInt()),
              item.get("noLocal").asBoolean(),
              item.get("retainAsPublished").asBoolean(),
              SubscriptionRequest.RetainHandling.values()[item.get("retainHandling").asInt()],
              item.get("id").asInt()));
    }
    return new SessionRow(
        new SessionKey(
            new Account(text.substring(0, slash), text.substring(slash + 1, end)),
            text.substring(end + 1)),
        node.get("owner").asText(),
        node.get("expiry").asLong(),
        subscriptions);
  }
}
