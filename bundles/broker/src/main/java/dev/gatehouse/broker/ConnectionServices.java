package dev.gatehouse.broker;

import dev.gatehouse.api.session.SessionEnd;
import java.util.function.Supplier;

/** What connections work with. */
record ConnectionServices(
    Supplier<BrokerSettings> settings,
    Ledger ledger,
    Router router,
    Lifecycle lifecycle,
    RetainedDelivery retained) {

  /** How a connection ends. */
  interface Closing {
    void close(Connection connection, SessionEnd end, long expirySeconds);
  }
}
