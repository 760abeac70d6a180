package dev.gatehouse.rules;

import dev.gatehouse.rules.delivery.DeliveryCounters;
import dev.gatehouse.rules.delivery.Failure;
import dev.gatehouse.rules.delivery.Lane;
import dev.gatehouse.rules.delivery.LaneServices;
import dev.gatehouse.rules.delivery.Parcel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The lanes of one rule, which outlive its changes. Changed by the control thread only. */
final class RuleLanes {
  private final RuleKey key;
  private final LaneServices services;
  private final DeliveryCounters counters;
  private final Map<String, Lane> lanes = new ConcurrentHashMap<>();
  private volatile @Nullable LiveRule live;

  RuleLanes(RuleKey key, LaneServices services, DeliveryCounters counters) {
    this.key = key;
    this.services = services;
    this.counters = counters;
  }

  /** The lane of a slot; what fails there late is the present rule's to tell. */
  Lane lane(String slot) {
    return lanes.computeIfAbsent(
        slot,
        name ->
            new Lane(
                key.queue(name),
                key.name() + "." + name,
                services,
                counters,
                (parcel, failure) -> failedLate(name, parcel, failure)));
  }

  private void failedLate(String slot, Parcel parcel, Failure failure) {
    LiveRule now = live;
    if (now != null) {
      now.failedLate(slot, parcel.message(), failure);
    }
  }

  void serve(@Nullable LiveRule rule) {
    live = rule;
  }

  /** Slots that the rule no longer has go, with what waits there. */
  void retain(Set<String> slots) {
    lanes.forEach(
        (slot, lane) -> {
          if (!slots.contains(slot)) {
            lanes.remove(slot);
            lane.discard();
          }
        });
  }

  long waiting() {
    return lanes.values().stream().mapToLong(Lane::waiting).sum();
  }

  List<String> problems() {
    return lanes.values().stream().map(Lane::problem).flatMap(Optional::stream).toList();
  }

  CompletableFuture<Void> close() {
    return CompletableFuture.allOf(
        lanes.values().stream().map(Lane::close).toArray(CompletableFuture<?>[]::new));
  }
}
