package dev.gatehouse.mqtt;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Packets in hex, as {@link EdgeHarness.Client} speaks them. */
final class Hex {
  static final String NO_PROPERTIES = "00";
  static final String KEPT = properties("11 00000e10"); // session expiry: an hour

  private Hex() {}

  /** A packet of its first byte and what follows its length. */
  static String packet(String first, String... parts) {
    String body = String.join("", parts).replace(" ", "");
    return first + EdgeHarness.variable(body.length() / 2) + body;
  }

  static String text(String text) {
    String bytes = bytes(text);
    return number(bytes.length() / 2) + bytes;
  }

  static String bytes(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Two bytes. */
  static String number(int value) {
    return "%04x".formatted(value);
  }

  static String properties(String... properties) {
    String all = String.join("", properties).replace(" ", "");
    return EdgeHarness.variable(all.length() / 2) + all;
  }

  static String user(String name, String value) {
    return "26" + text(name) + text(value);
  }

  static String connect4(String clientId, boolean clean) {
    return packet("10", "00044d515454 04", clean ? "02" : "00", "003c", text(clientId));
  }

  static String connect5(String clientId, boolean clean, String properties) {
    return packet("10", "00044d515454 05", clean ? "02" : "00", "003c", properties, text(clientId));
  }

  static String connect5(String clientId) {
    return connect5(clientId, true, NO_PROPERTIES);
  }

  /** With a will, of such flags as it has in CONNECT. */
  static String connect5(String clientId, String properties, int willFlags, String will) {
    return packet(
        "10",
        "00044d515454 05",
        "%02x".formatted(willFlags | 2),
        "003c",
        properties,
        text(clientId),
        will);
  }

  static String publish4(String topic, int qos, int id, String payload) {
    return packet(
        "%02x".formatted(0x30 | qos << 1), text(topic), qos == 0 ? "" : number(id), bytes(payload));
  }

  static String publish5(int flags, String topic, int id, String properties, String payload) {
    return packet(
        "%02x".formatted(0x30 | flags),
        text(topic),
        (flags & 6) == 0 ? "" : number(id),
        properties,
        bytes(payload));
  }

  static String publish5(String topic, int qos, int id, String payload) {
    return publish5(qos << 1, topic, id, NO_PROPERTIES, payload);
  }

  static String subscribe4(int id, String filter, int qos) {
    return packet("82", number(id), text(filter), "%02x".formatted(qos));
  }

  static String subscribe5(int id, String filter, int options) {
    return subscribe5(id, NO_PROPERTIES, filter, options);
  }

  static String subscribe5(int id, String properties, String filter, int options) {
    return packet("82", number(id), properties, text(filter), "%02x".formatted(options));
  }

  static String unsubscribe5(int id, String... filters) {
    StringBuilder all = new StringBuilder();
    for (String filter : filters) {
      all.append(text(filter));
    }
    return packet("a2", number(id), NO_PROPERTIES, all.toString());
  }

  static String ack(String first, int id) {
    return packet(first, number(id));
  }

  static String ack(String first, int id, int reason) {
    return packet(first, number(id), "%02x".formatted(reason));
  }
}
