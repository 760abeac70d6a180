package dev.gatehouse.http;

import io.netty.channel.Channel;

/** A connection that was let in. Its own event loop changes it, other threads read it. */
final class ConnectionPlace {
  final AddressPlaces address;
  final Channel channel;
  private volatile boolean known;
  private volatile boolean calling;
  private volatile long restsSinceNanos;

  ConnectionPlace(AddressPlaces address, Channel channel, long nowNanos) {
    this.address = address;
    this.channel = channel;
    this.restsSinceNanos = nowNanos;
  }

  /** A whole request is there; until its answer is written the connection keeps its place. */
  void callBegins() {
    calling = true;
  }

  void callEnds(long nowNanos) {
    restsSinceNanos = nowNanos;
    calling = false;
  }

  /** A caller on this connection was verified. */
  void callerIsKnown() {
    known = true;
  }

  boolean isAtRest() {
    return !calling;
  }

  boolean isLessUsedThan(ConnectionPlace other, long nowNanos) {
    if (known != other.known) {
      return !known;
    }
    return nowNanos - restsSinceNanos > nowNanos - other.restsSinceNanos;
  }
}
