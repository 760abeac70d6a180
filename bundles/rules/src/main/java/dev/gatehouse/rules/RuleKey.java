package dev.gatehouse.rules;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Arn;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Names a rule. */
record RuleKey(Account account, String name) {
  private static final String QUEUES = "rules.delivery/";
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_]{1,128}");

  static RuleKey checked(Account account, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new ServiceException(
          ErrorCode.INVALID_REQUEST,
          "ruleName '" + name + "' is not 1 to 128 letters, digits and underscores");
    }
    return new RuleKey(account, name);
  }

  static RuleKey parse(byte[] key) {
    String[] parts = new String(key, StandardCharsets.UTF_8).split("\u0000|/", 3);
    return new RuleKey(new Account(parts[0], parts[1]), parts[2]);
  }

  byte[] bytes() {
    return (account + "\u0000" + name).getBytes(StandardCharsets.UTF_8);
  }

  /** The store's name of what waits for an action. */
  String queue(String slot) {
    return QUEUES + account + "/" + name + "/" + slot;
  }

  String arn() {
    return resource().toString();
  }

  Arn resource() {
    return account.arn("iot", "rule/" + name);
  }
}
