package dev.gatehouse.broker;

import dev.gatehouse.api.identity.Account;
import java.nio.charset.StandardCharsets;

/** Names a session. */
record SessionKey(Account account, String clientId) {

  /** Its row in the store. */
  byte[] row() {
    return (account + "\0" + clientId).getBytes(StandardCharsets.UTF_8);
  }

  /** Its queue in the store. */
  String queue() {
    return "broker.session/" + account + "/" + clientId;
  }
}
