package dev.gatehouse.http.protocol;

/** Counts the heap that a call takes. */
@FunctionalInterface
public interface HeapCount {

  /**
   * Takes bytes before they are used.
   *
   * @throws dev.gatehouse.api.error.ServiceException if there is no room for them
   */
  void take(long bytes);
}
