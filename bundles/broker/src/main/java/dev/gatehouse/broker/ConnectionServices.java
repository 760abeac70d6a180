package dev.gatehouse.broker;

import dev.gatehouse.api.session.SessionEnd;

/** What connections work with. */
record ConnectionServices(
    BrokerSettings settings,
    Ledger ledger,
    Router router,
    Lifecycle lifecycle,
    RetainedDelivery retained) {

  /** How a connection ends. */
  interface Closing {
    void close(Connection connection, SessionEnd end, long expirySeconds);
  }
}
