package dev.gatehouse.http;

import dev.gatehouse.edge.StreamProtocol;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The protocols that connections can turn into, at the moment. */
final class Streams {
  static final String HTTP = "http/1.1";

  private final List<StreamProtocol> protocols = new CopyOnWriteArrayList<>();

  void add(StreamProtocol protocol) {
    protocols.add(protocol);
  }

  void remove(StreamProtocol protocol) {
    protocols.remove(protocol);
  }

  /**
   * Chooses by ALPN, ours before HTTP. A client that offers only what is not known here goes on
   * without ALPN, as if it had offered none: some offer names that they do not insist on.
   *
   * @return empty for no choice, as the TLS engine wants it
   */
  String choose(List<String> offered) {
    for (StreamProtocol protocol : protocols) {
      for (String name : protocol.alpnNames()) {
        if (offered.contains(name)) {
          return name;
        }
      }
    }
    return offered.contains(HTTP) ? HTTP : "";
  }

  /** By the name that {@link #choose} chose; null if it went meanwhile. */
  @Nullable StreamProtocol byName(String name) {
    return protocols.stream()
        .filter(protocol -> protocol.alpnNames().contains(name))
        .findFirst()
        .orElse(null);
  }

  @Nullable StreamProtocol byPath(String path) {
    return protocols.stream()
        .filter(protocol -> protocol.webSocketPath().equals(path))
        .findFirst()
        .orElse(null);
  }
}
