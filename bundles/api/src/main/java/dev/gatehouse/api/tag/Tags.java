package dev.gatehouse.api.tag;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Arn;
import dev.gatehouse.api.store.Batch;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The tags of one resource (AWS IoT API: Tag). All are rows of one table, whoever the resource
 * belongs to, so that they come and go in the batch that makes or removes it.
 *
 * @param values by key, in order; at most 50. A key has 1 to 128 letters, digits, spaces or {@code
 *     _.:/=+-@} and does not begin with {@code aws:}, a value at most 256 characters
 */
public record Tags(Map<String, String> values) {
  /** One row for each resource that has tags; its key is the account, U+0000, the ARN. */
  public static final String TABLE = "registry.tags";

  /** None. */
  public static final Tags NONE = new Tags(Map.of());

  private static final byte FORMAT = 2;
  private static final int LIMIT = 50;
  private static final Pattern KEY = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]{1,128}");
  private static final String RESERVED = "aws:";
  private static final int VALUE_LENGTH = 256;

  /**
   * Validates, and copies.
   *
   * @throws ServiceException INVALID_REQUEST if a key or value has another form, LIMIT_EXCEEDED
   */
  public Tags {
    values.forEach(Tags::check);
    if (values.size() > LIMIT) {
      throw new ServiceException(
          ErrorCode.LIMIT_EXCEEDED,
          "a resource has at most " + LIMIT + " tags, not " + values.size());
    }
    values = Collections.unmodifiableMap(new TreeMap<>(values));
  }

  private static void check(String key, String value) {
    boolean reserved = key.regionMatches(true, 0, RESERVED, 0, RESERVED.length());
    if (reserved || !KEY.matcher(key).matches()) {
      throw invalid(
          "tag key '"
              + key
              + "' is not 1 to 128 letters, digits, spaces or _ . : / = + - @, not beginning with "
              + RESERVED);
    }
    if (value.length() > VALUE_LENGTH) {
      throw invalid("the value of tag '" + key + "' has more than " + VALUE_LENGTH + " characters");
    }
    if (value.indexOf('\0') >= 0) {
      throw invalid("the value of tag '" + key + "' has a character U+0000");
    }
  }

  private static ServiceException invalid(String message) {
    return new ServiceException(ErrorCode.INVALID_REQUEST, message);
  }

  /**
   * Those of a URL's query, such as {@code a=1&b=2} (AWS IoT API: {@code x-amz-tagging} of
   * CreateTopicRule).
   *
   * @throws ServiceException INVALID_REQUEST, LIMIT_EXCEEDED
   */
  public static Tags ofQuery(String query) {
    Map<String, String> tags = new TreeMap<>();
    for (String tag : query.isEmpty() ? new String[0] : query.split("&", -1)) {
      int equals = tag.indexOf('=');
      String key = decoded(equals < 0 ? tag : tag.substring(0, equals));
      if (tags.put(key, equals < 0 ? "" : decoded(tag.substring(equals + 1))) != null) {
        throw givenTwice(key);
      }
    }
    return new Tags(tags);
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw invalid("the tag '" + text + "' is not URL-encoded");
    }
  }

  /** The error for a key that is there twice. */
  public static ServiceException givenTwice(String key) {
    return invalid("tag '" + key + "' is given twice");
  }

  /** With others, which take the place of those of the same keys. */
  public Tags plus(Tags more) {
    Map<String, String> all = new TreeMap<>(values);
    all.putAll(more.values);
    return new Tags(all);
  }

  /** Without those of some keys. */
  public Tags minus(Collection<String> keys) {
    Map<String, String> rest = new TreeMap<>(values);
    keys.forEach(rest::remove);
    return new Tags(rest);
  }

  /** The batch makes a resource with these, or changes its tags to these. */
  public void put(Batch batch, Account account, Arn resource) {
    if (values.isEmpty()) {
      remove(batch, account, resource);
    } else {
      batch.put(TABLE, key(account, resource), stored());
    }
  }

  /** The batch removes a resource. */
  public static void remove(Batch batch, Account account, Arn resource) {
    batch.delete(TABLE, key(account, resource));
  }

  /** The key of a resource's row. */
  public static byte[] key(Account account, Arn resource) {
    return (account + "\0" + resource).getBytes(StandardCharsets.UTF_8);
  }

  private byte[] stored() {
    StringBuilder text = new StringBuilder().append((char) FORMAT);
    for (Map.Entry<String, String> tag : values.entrySet()) {
      text.append(tag.getKey()).append('\0').append(tag.getValue()).append('\0');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * What a row holds.
   *
   * @throws IllegalStateException if it is of another format
   */
  public static Tags restored(byte[] row) {
    if (row.length == 0 || row[0] != FORMAT) {
      throw new IllegalStateException("a row of tags is not of format " + FORMAT);
    }
    String[] parts = new String(row, 1, row.length - 1, StandardCharsets.UTF_8).split("\0", -1);
    Map<String, String> tags = new TreeMap<>();
    for (int i = 0; i + 1 < parts.length; i += 2) {
      tags.put(parts[i], parts[i + 1]);
    }
    return new Tags(tags);
  }
}
