package dev.gatehouse.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.MessageBus;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.PublishOutcome;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.registry.Thing;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what happened in the registry on {@code $aws/events/} (AWS IoT: Registry events), to
 * accounts that asked for it. An event is a row of the batch of what it tells, and goes when the
 * broker has it: it is published once, or after a crash twice, and never for nothing. Thread-safe.
 */
final class Events {
  static final String PENDING = "registry.events";

  private static final Logger LOG = LoggerFactory.getLogger(Events.class);
  private static final String TOPICS = "$aws/events/";
  private static final int AT_ONCE = 100;
  private static final long MOST = 100_000; // while there is no broker

  private final Rows rows;
  private final EventSettings settings;
  private final Clock clock;
  private final AtomicBoolean behind = new AtomicBoolean(true);
  private volatile @Nullable MessageBus bus;

  /** What events tell of, as the API names it. */
  enum Kind {
    THING,
    THING_GROUP,
    THING_TYPE,
    THING_GROUP_MEMBERSHIP,
    THING_GROUP_HIERARCHY,
    THING_TYPE_ASSOCIATION
  }

  /** What happened. The topic ends with it. */
  enum Operation {
    CREATED("created"),
    UPDATED("updated"),
    DELETED("deleted"),
    ADDED("added"),
    REMOVED("removed");

    private final String level;

    Operation(String level) {
      this.level = level;
    }
  }

  Events(Rows rows, EventSettings settings, Clock clock) {
    this.rows = rows;
    this.settings = settings;
    this.clock = clock;
  }

  /** A thing was created, updated or deleted; {@code typeBefore} is what it had. */
  void thing(
      Batch batch, Account account, Thing thing, Optional<String> typeBefore, Operation operation) {
    if (settings.enabled(account, Kind.THING)) {
      ObjectNode event =
          event(account, Kind.THING, operation)
              .put("thingId", thing.thingId())
              .put("thingName", thing.name())
              .put("versionNumber", thing.version())
              .put("thingTypeName", thing.typeName().orElse(null));
      event.set("attributes", Attributes.node(thing.attributes()));
      add(batch, account, "thing/" + thing.name(), operation, event);
    }
    boolean changed = operation != Operation.DELETED && !typeBefore.equals(thing.typeName());
    if (changed && settings.enabled(account, Kind.THING_TYPE_ASSOCIATION)) {
      typeBefore.ifPresent(type -> association(batch, account, thing, type, Operation.REMOVED));
      thing.typeName().ifPresent(type -> association(batch, account, thing, type, Operation.ADDED));
    }
  }

  private void association(
      Batch batch, Account account, Thing thing, String type, Operation operation) {
    ObjectNode event =
        event(account, Kind.THING_TYPE_ASSOCIATION, operation)
            .put("thingId", thing.thingId())
            .put("thingName", thing.name())
            .put("thingTypeName", type);
    String topic = "thingTypeAssociation/thing/" + thing.name() + "/thingType/" + type;
    add(batch, account, topic, operation, event);
  }

  void type(Batch batch, Account account, ThingType type, Operation operation) {
    if (!settings.enabled(account, Kind.THING_TYPE)) {
      return;
    }
    ObjectNode event =
        event(account, Kind.THING_TYPE, operation)
            .put("thingTypeId", type.typeId())
            .put("thingTypeName", type.name())
            .put("isDeprecated", type.deprecatedMillis() != null)
            .put("deprecationDate", type.deprecatedMillis());
    type.searchable().forEach(event.putArray("searchableAttributes")::add);
    event.putArray("propagatingAttributes"); // there are none here, and clients want the member
    event.put("description", type.description());
    add(batch, account, "thingType/" + type.name(), operation, event);
  }

  /**
   * A thing group was created, updated or deleted.
   *
   * @param above from the root to its parent
   */
  void group(Batch batch, Account account, Group group, List<Group> above, Operation operation) {
    @Nullable Group parent = above.isEmpty() ? null : above.get(above.size() - 1);
    if (settings.enabled(account, Kind.THING_GROUP)) {
      ObjectNode event =
          event(account, Kind.THING_GROUP, operation)
              .put("thingGroupId", group.groupId())
              .put("thingGroupName", group.name())
              .put("versionNumber", group.version())
              .put("parentGroupName", group.parent())
              .put("parentGroupId", parent == null ? null : parent.groupId())
              .put("description", group.description());
      var path = event.putArray("rootToParentThingGroups");
      for (Group ancestor : above) {
        path.addObject()
            .put("groupArn", GroupKind.THING_GROUP.arn(account, ancestor.name()))
            .put("groupId", ancestor.groupId());
      }
      event.set("attributes", Attributes.node(group.attributes()));
      event.putNull("dynamicGroupMappingId");
      add(batch, account, "thingGroup/" + group.name(), operation, event);
    }
    if (parent != null
        && operation != Operation.UPDATED
        && settings.enabled(account, Kind.THING_GROUP_HIERARCHY)) {
      Operation moved = operation == Operation.CREATED ? Operation.ADDED : Operation.REMOVED;
      ObjectNode event =
          event(account, Kind.THING_GROUP_HIERARCHY, moved)
              .put("thingGroupId", parent.groupId())
              .put("thingGroupName", parent.name())
              .put("childGroupId", group.groupId())
              .put("childGroupName", group.name());
      String topic =
          "thingGroupHierarchy/thingGroup/" + parent.name() + "/childThingGroup/" + group.name();
      add(batch, account, topic, moved, event);
    }
  }

  /** A thing joined or left a thing group. */
  void member(Batch batch, Account account, Thing thing, Group group, Operation operation) {
    if (!settings.enabled(account, Kind.THING_GROUP_MEMBERSHIP)) {
      return;
    }
    String both = group.groupId() + "/" + thing.thingId();
    ObjectNode event =
        event(account, Kind.THING_GROUP_MEMBERSHIP, operation)
            .put("groupArn", GroupKind.THING_GROUP.arn(account, group.name()))
            .put("groupId", group.groupId())
            .put("thingArn", Things.arn(account, thing.name()))
            .put("thingId", thing.thingId())
            .put(
                "membershipId",
                UUID.nameUUIDFromBytes(both.getBytes(StandardCharsets.UTF_8)).toString());
    String topic = "thingGroupMembership/thingGroup/" + group.name() + "/thing/" + thing.name();
    add(batch, account, topic, operation, event);
  }

  private ObjectNode event(Account account, Kind kind, Operation operation) {
    return Json.object()
        .put("eventType", kind + "_EVENT")
        .put("eventId", UUID.randomUUID().toString())
        .put("timestamp", clock.millis())
        .put("operation", operation.name())
        .put("accountId", account.id());
  }

  private void add(
      Batch batch, Account account, String topic, Operation operation, ObjectNode event) {
    if (rows.size(PENDING) >= MOST) {
      LOG.warn("event=registry-event-dropped topic={} reason=\"{} wait already\"", topic, MOST);
      return;
    }
    ObjectNode row = Json.object().put("topic", TOPICS + topic + "/" + operation.level);
    row.put("account", account.id()).put("region", account.region());
    row.set("event", event);
    String id = "%016x-%s".formatted(clock.millis(), event.get("eventId").asText());
    batch.put(PENDING, id.getBytes(StandardCharsets.US_ASCII), Rows.value(row));
  }

  /** A batch is durable: publishes what it tells. */
  void committed(Batch batch) {
    List<Batch.Put> events =
        batch.changes().stream()
            .filter(change -> change instanceof Batch.Put row && row.table().equals(PENDING))
            .map(Batch.Put.class::cast)
            .toList();
    if (!events.isEmpty() && behind.get()) {
      catchUp();
    } else {
      events.forEach(row -> publish(row.key(), row.value()));
    }
  }

  /** A broker is there: whatever waits is published. */
  void to(MessageBus next) {
    bus = next;
    catchUp();
  }

  void unless(MessageBus gone) {
    if (bus == gone) {
      bus = null;
    }
  }

  private void catchUp() {
    behind.set(false);
    String from = "";
    List<Map.Entry<String, byte[]>> page;
    do {
      page = rows.page(PENDING, new byte[0], from, AT_ONCE, Map::entry);
      for (Map.Entry<String, byte[]> row : page) {
        publish(row.getKey().getBytes(StandardCharsets.US_ASCII), row.getValue());
        from = row.getKey() + "\0";
      }
    } while (page.size() == AT_ONCE && !behind.get());
  }

  private void publish(byte[] key, byte[] value) {
    MessageBus present = bus;
    if (present == null) {
      behind.set(true);
      return;
    }
    ObjectNode row = Rows.node(value);
    Account account = new Account(row.get("account").asText(), row.get("region").asText());
    Message message =
        Message.internal(
                account,
                "registry",
                new TopicName(row.get("topic").asText()),
                Payload.of(Json.bytes((ObjectNode) row.get("event"))),
                clock.millis())
            .withQos(QoS.AT_LEAST_ONCE);
    present.publish(message).whenComplete((outcome, failure) -> published(key, outcome, failure));
  }

  private void published(
      byte[] key, @Nullable PublishOutcome outcome, @Nullable Throwable failure) {
    if (outcome == null || outcome == PublishOutcome.STORE_UNAVAILABLE) {
      behind.set(true);
      LOG.warn("event=registry-event-waits outcome={}", outcome, failure);
      return;
    }
    rows.forget(PENDING, key);
  }
}
