package dev.gatehouse.registry;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Arn;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.tag.Tags;
import dev.gatehouse.api.time.PassedTime;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Thing types in the store (guide: Thing Types). */
final class ThingTypes {
  static final String TYPES = "registry.types";
  private static final Duration BEFORE_DELETION = Duration.ofMinutes(5);

  private final Rows rows;
  private final TagRows tags;
  private final Clock clock;
  private final PassedTime passed;
  private final Events events;

  ThingTypes(Rows rows, TagRows tags, Clock clock, Events events) {
    this.events = events;
    this.rows = rows;
    this.tags = tags;
    this.clock = clock;
    this.passed = PassedTime.of(clock);
  }

  static String arn(Account account, String name) {
    return resource(account, name).toString();
  }

  private static Arn resource(Account account, String name) {
    return account.arn("iot", "thingtype/" + name);
  }

  Optional<ThingType> find(Account account, String name) {
    return rows.get(TYPES, Rows.key(account, name)).map(value -> ThingType.restored(name, value));
  }

  ThingType require(Account account, String name) {
    return find(account, name).orElseThrow(() -> Validation.notFound("thing type", name));
  }

  List<String> names(Account account, String from, int limit) {
    return rows.page(TYPES, Rows.key(account, ""), from, limit);
  }

  /** Creates a type; the same again has the first answer. */
  CompletionStage<ThingType> create(
      Account account,
      String name,
      @Nullable String description,
      List<String> searchable,
      Tags given) {
    Validation.searchable(searchable);
    ThingType made =
        new ThingType(
            name, UUID.randomUUID().toString(), description, searchable, clock.millis(), null, 1);
    return rows.commit(
        () -> {
          Optional<ThingType> there = find(account, name);
          if (there.isPresent()) {
            requireSame(account, there.get(), made, given);
            return new Rows.Change<>(new Batch(), there.get());
          }
          byte[] key = Rows.key(account, name);
          Batch batch = new Batch().expectAbsent(TYPES, key).put(TYPES, key, made.stored());
          given.put(batch, account, resource(account, name));
          events.type(batch, account, made, Events.Operation.CREATED);
          return new Rows.Change<>(batch, made);
        });
  }

  private void requireSame(Account account, ThingType there, ThingType wanted, Tags given) {
    boolean same =
        there.searchable().equals(wanted.searchable())
            && Optional.ofNullable(there.description())
                .equals(Optional.ofNullable(wanted.description()))
            && tags.of(account, resource(account, there.name())).equals(given);
    if (!same) {
      throw Validation.exists("thing type", there.name(), arn(account, there.name()));
    }
  }

  /** Changes what may be changed of a type. */
  CompletionStage<ThingType> change(
      Account account, String name, Function<ThingType, ThingType> by) {
    return rows.commit(
        () -> {
          ThingType before = require(account, name);
          ThingType after = by.apply(before);
          Batch batch = new Batch();
          if (!after.equals(before)) {
            byte[] key = Rows.key(account, name);
            batch.expect(TYPES, key, before.stored()).put(TYPES, key, after.stored());
            events.type(batch, account, after, Events.Operation.UPDATED);
          }
          return new Rows.Change<>(batch, after);
        });
  }

  CompletionStage<ThingType> deprecate(Account account, String name, boolean undo) {
    return change(
        account,
        name,
        type ->
            undo == (type.deprecatedMillis() == null)
                ? type
                : type.deprecated(undo ? null : clock.millis()));
  }

  /** Deletes a type that has been deprecated for five minutes and has no things. */
  CompletionStage<ThingType> delete(Account account, String name) {
    return rows.commit(
        () -> {
          ThingType type = require(account, name);
          @Nullable Long deprecated = type.deprecatedMillis();
          if (deprecated == null) {
            throw Validation.invalid(
                "thing type '" + name + "' must be deprecated before it is deleted");
          }
          if (passed.sinceMillis(deprecated) < BEFORE_DELETION.toMillis()) {
            throw Validation.invalid(
                "thing type '"
                    + name
                    + "' can be deleted five minutes after it has been deprecated");
          }
          if (!rows.page(ThingIndex.BY_TYPE, Rows.key(account, name, ""), "", 1).isEmpty()) {
            throw Validation.invalid(
                "thing type '" + name + "' has things; give them another type or delete them");
          }
          byte[] key = Rows.key(account, name);
          // Whoever gives a thing this type expects its row as it was before the deprecation.
          Batch batch = new Batch().expect(TYPES, key, type.stored()).delete(TYPES, key);
          Tags.remove(batch, account, resource(account, name));
          events.type(batch, account, type, Events.Operation.DELETED);
          return new Rows.Change<>(batch, type);
        });
  }

  /**
   * The type that a thing is to have.
   *
   * @param batch fails if the type changes before it is committed
   * @param before the type it had
   */
  ThingType use(Batch batch, Account account, String name, Optional<String> before) {
    ThingType type = require(account, name);
    if (type.deprecatedMillis() != null && !before.equals(Optional.of(name))) {
      throw Validation.invalid("Can not create new thing with deprecated thing type:" + name);
    }
    batch.expect(TYPES, Rows.key(account, name), type.stored());
    return type;
  }
}
