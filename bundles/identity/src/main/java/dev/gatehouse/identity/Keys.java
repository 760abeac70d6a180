package dev.gatehouse.identity;

import dev.gatehouse.api.identity.Account;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Keys of the store: the account, then names, each behind U+0000. */
final class Keys {
  private Keys() {}

  static byte[] of(Account account, String... parts) {
    return (account + "\0" + String.join("\0", parts)).getBytes(StandardCharsets.UTF_8);
  }

  /** The parts of a key, the account first. */
  static String[] parts(byte[] key) {
    return new String(key, StandardCharsets.UTF_8).split("\0", -1);
  }

  /** The first key behind all that begin with a prefix that ends in U+0000. */
  static byte[] end(byte[] prefix) {
    byte[] end = Arrays.copyOf(prefix, prefix.length);
    end[end.length - 1] = 1;
    return end;
  }

  /** The account that a key's first part names. */
  static Account account(String text) {
    int slash = text.indexOf('/');
    return new Account(text.substring(0, slash), text.substring(slash + 1));
  }
}
