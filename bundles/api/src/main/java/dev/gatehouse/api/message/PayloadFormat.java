package dev.gatehouse.api.message;

/**
 * MQTT 5's payload format indicator (3.3.2.3.2), by the names that AWS gives its values; the
 * ordinal is the number on the wire.
 */
public enum PayloadFormat {
  UNSPECIFIED_BYTES,
  UTF8_DATA
}
