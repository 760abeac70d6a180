package dev.gatehouse.broker;

import java.util.function.Supplier;

/** What connections work with. */
record ConnectionServices(
    Supplier<BrokerSettings> settings,
    Ledger ledger,
    Router router,
    Lifecycle lifecycle,
    RetainedDelivery retained,
    Wills wills) {}
