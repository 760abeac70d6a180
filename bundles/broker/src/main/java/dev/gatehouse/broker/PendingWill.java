package dev.gatehouse.broker;

import dev.gatehouse.api.session.Will;
import org.jspecify.annotations.Nullable;

/** A will whose delay runs; kept in memory, so a restart of the gateway discards it. */
final class PendingWill {
  final Will will;
  Timer.@Nullable Task due; // guarded by the directory

  PendingWill(Will will) {
    this.will = will;
  }
}
