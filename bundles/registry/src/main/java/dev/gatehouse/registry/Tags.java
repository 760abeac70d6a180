package dev.gatehouse.registry;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.json.JsonBody;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/** Tags of resources: one row for each resource that has any. */
final class Tags {
  static final String TAGS = "registry.tags";

  private static final int LIMIT = 50;
  private static final Pattern KEY = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]{1,128}");
  private static final int VALUE_LENGTH = 256;

  private final Rows rows;

  Tags(Rows rows) {
    this.rows = rows;
  }

  /** The tags in a call's body. */
  static Map<String, String> read(JsonBody body) {
    Map<String, String> tags = new TreeMap<>();
    for (JsonBody tag : body.objects("tags")) {
      String key = key(tag.requireText("Key"));
      String value = tag.text("Value").orElse("");
      if (value.length() > VALUE_LENGTH) {
        throw Validation.invalid(
            "the value of tag '" + key + "' has more than " + VALUE_LENGTH + " characters");
      }
      if (tags.put(key, value) != null) {
        throw Validation.invalid("tag '" + key + "' is given twice");
      }
    }
    return tags;
  }

  static String key(String key) {
    if (!KEY.matcher(key).matches() || key.startsWith("aws:")) {
      throw Validation.invalid(
          "tag key '"
              + key
              + "' is not 1 to 128 letters, digits, spaces or _ . : / = + - @, not beginning with"
              + " aws:");
    }
    return key;
  }

  Map<String, String> of(Account account, String arn) {
    Map<String, String> tags = new TreeMap<>();
    rows.get(TAGS, Rows.key(account, arn))
        .ifPresent(
            value ->
                Rows.node(value)
                    .properties()
                    .forEach(tag -> tags.put(tag.getKey(), tag.getValue().asText())));
    return tags;
  }

  /** Tags of a resource that the batch makes. */
  void begin(Batch batch, Account account, String arn, Map<String, String> tags) {
    put(batch, account, arn, tags);
  }

  /** The batch deletes the resource. */
  void end(Batch batch, Account account, String arn) {
    batch.delete(TAGS, Rows.key(account, arn));
  }

  /**
   * Changes the tags of a resource.
   *
   * @param resource makes the batch expect the resource as it is
   */
  CompletionStage<Map<String, String>> change(
      Account account,
      String arn,
      Resource resource,
      Map<String, String> add,
      List<String> remove) {
    return rows.commit(
        () -> {
          Batch batch = new Batch();
          resource.expect(batch);
          Optional<byte[]> read = rows.get(TAGS, Rows.key(account, arn));
          Rows.expect(batch, TAGS, Rows.key(account, arn), read);
          Map<String, String> tags = of(account, arn);
          tags.putAll(add);
          remove.forEach(tags::remove);
          put(batch, account, arn, tags);
          return new Rows.Change<>(batch, tags);
        });
  }

  /** A resource that has tags. */
  @FunctionalInterface
  interface Resource {
    /** Makes a batch fail if the resource is gone by then; throws if it is gone already. */
    void expect(Batch batch);
  }

  private static void put(Batch batch, Account account, String arn, Map<String, String> tags) {
    if (tags.size() > LIMIT) {
      throw new ServiceException(
          ErrorCode.LIMIT_EXCEEDED,
          "a resource has at most " + LIMIT + " tags, not " + tags.size());
    }
    byte[] key = Rows.key(account, arn);
    if (tags.isEmpty()) {
      batch.delete(TAGS, key);
    } else {
      batch.put(TAGS, key, Rows.value(Attributes.node(tags)));
    }
  }
}
