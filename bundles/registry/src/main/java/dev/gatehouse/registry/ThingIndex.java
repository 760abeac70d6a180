package dev.gatehouse.registry;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.registry.Thing;
import dev.gatehouse.api.store.Batch;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows that lead from a type or an attribute's value back to the things. Of a thing with a type,
 * the type's searchable attributes are there; of one without, all.
 */
final class ThingIndex {
  static final String BY_ATTRIBUTE = "registry.things-by-attribute";
  static final String BY_TYPE = "registry.things-by-type";
  static final String BY_TYPE_AND_ATTRIBUTE = "registry.things-by-type-and-attribute";

  private ThingIndex() {}

  /**
   * What things are looked for; null: whatever.
   *
   * @param prefix whether the value is only the beginning of one
   */
  record Search(
      @Nullable String type, @Nullable String attribute, @Nullable String value, boolean prefix) {
    Search {
      if ((attribute == null) != (value == null)) {
        throw Validation.invalid("attributeName and attributeValue go together");
      }
      if (prefix && value == null) {
        throw Validation.invalid("usePrefixAttributeValue needs an attributeValue");
      }
    }

    boolean everything() {
      return type == null && attribute == null;
    }
  }

  static void add(Batch batch, Account account, Thing thing, Collection<String> searchable) {
    String name = thing.name();
    thing
        .typeName()
        .ifPresent(type -> batch.put(BY_TYPE, Rows.key(account, type, name), Rows.NOTHING));
    thing
        .attributes()
        .forEach(
            (attribute, value) -> {
              if (!searchable.contains(attribute)) {
                return;
              }
              batch.put(BY_ATTRIBUTE, Rows.key(account, attribute, value, name), Rows.NOTHING);
              thing
                  .typeName()
                  .ifPresent(
                      type ->
                          batch.put(
                              BY_TYPE_AND_ATTRIBUTE,
                              Rows.key(account, type, attribute, value, name),
                              Rows.NOTHING));
            });
  }

  /** Also what was never there: a row for an attribute that is not searchable. */
  static void remove(Batch batch, Account account, Thing thing) {
    String name = thing.name();
    thing.typeName().ifPresent(type -> batch.delete(BY_TYPE, Rows.key(account, type, name)));
    thing
        .attributes()
        .forEach(
            (attribute, value) -> {
              batch.delete(BY_ATTRIBUTE, Rows.key(account, attribute, value, name));
              thing
                  .typeName()
                  .ifPresent(
                      type ->
                          batch.delete(
                              BY_TYPE_AND_ATTRIBUTE,
                              Rows.key(account, type, attribute, value, name)));
            });
  }

  /** Entries whose last parts are the names of things, in order of value and name. */
  static List<String> find(Rows rows, Account account, Search search, String from, int limit) {
    List<String> parts = new ArrayList<>();
    if (search.type() != null) {
      parts.add(search.type());
    }
    if (search.attribute() != null && search.value() != null) {
      parts.add(search.attribute());
      parts.add(search.value());
    }
    if (!search.prefix()) {
      parts.add(""); // the last part ends here
    }
    String table = search.type() == null ? BY_ATTRIBUTE : BY_TYPE_AND_ATTRIBUTE;
    if (search.attribute() == null) {
      table = search.type() == null ? Things.THINGS : BY_TYPE;
    }
    return rows.page(table, Rows.key(account, parts.toArray(String[]::new)), from, limit);
  }
}
