package dev.gatehouse.broker;

import dev.gatehouse.api.identity.Account;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names of the broker's rows and queues: the account, then what is in it, with U+0000 between. */
final class Keys {
  static final String SESSIONS = "broker.sessions";
  static final String SUBSCRIPTIONS = "broker.subscriptions";
  static final String RECEIVED = "broker.received";
  static final String UNDER_WAY = "broker.underway";
  static final String WILLS = "broker.wills";
  static final String FEEDS = "broker.feeds";
  static final String RETAINED = "broker.retained";
  private static final int LONGEST_CLIENT_ID = 128; // bytes; the store's names end at 200

  private Keys() {}

  static byte[] of(Account account, String... parts) {
    return (account + "\0" + String.join("\0", parts)).getBytes(StandardCharsets.UTF_8);
  }

  /** Account, then the parts. */
  static String[] parts(byte[] key) {
    return new String(key, StandardCharsets.UTF_8).split("\0", -1);
  }

  /**
   * The account of a key.
   *
   * @throws IllegalArgumentException if it is none
   */
  static Account account(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("account '" + text + "' is not id/region");
    }
    return new Account(text.substring(0, slash), text.substring(slash + 1));
  }

  static String queue(Account account, String clientId) {
    byte[] id = clientId.getBytes(StandardCharsets.UTF_8);
    // the 129 characters of a digest are longer than any id that stands for itself
    String name = id.length <= LONGEST_CLIENT_ID ? clientId : "#" + sha512(id);
    return "broker.session/" + account + "/" + name;
  }

  private static String sha512(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-512").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-512", e);
    }
  }
}
