package dev.gatehouse.rules.delivery;

/** Whoever wants to know what became of parcels that waited. */
@FunctionalInterface
public interface LaneObserver {
  /** A parcel that was kept has failed for good; called on any thread. */
  void failedLate(Parcel parcel, Failure failure);
}
