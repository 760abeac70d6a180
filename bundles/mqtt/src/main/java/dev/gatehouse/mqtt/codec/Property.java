package dev.gatehouse.mqtt.codec;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The properties of MQTT 5 (2.2.2.2): their numbers, their types, and where they may stand. */
public enum Property {
  PAYLOAD_FORMAT_INDICATOR(0x01, Type.BYTE, Place.PUBLISH, Place.WILL),
  MESSAGE_EXPIRY_INTERVAL(0x02, Type.FOUR_BYTES, Place.PUBLISH, Place.WILL),
  CONTENT_TYPE(0x03, Type.TEXT, Place.PUBLISH, Place.WILL),
  RESPONSE_TOPIC(0x08, Type.TEXT, Place.PUBLISH, Place.WILL),
  CORRELATION_DATA(0x09, Type.BINARY, Place.PUBLISH, Place.WILL),
  SUBSCRIPTION_IDENTIFIER(0x0B, Type.VARIABLE, Place.SUBSCRIBE),
  SESSION_EXPIRY_INTERVAL(0x11, Type.FOUR_BYTES, Place.CONNECT, Place.DISCONNECT),
  ASSIGNED_CLIENT_IDENTIFIER(0x12, Type.TEXT),
  SERVER_KEEP_ALIVE(0x13, Type.TWO_BYTES),
  AUTHENTICATION_METHOD(0x15, Type.TEXT, Place.CONNECT, Place.AUTH),
  AUTHENTICATION_DATA(0x16, Type.BINARY, Place.CONNECT, Place.AUTH),
  REQUEST_PROBLEM_INFORMATION(0x17, Type.BYTE, Place.CONNECT),
  WILL_DELAY_INTERVAL(0x18, Type.FOUR_BYTES, Place.WILL),
  REQUEST_RESPONSE_INFORMATION(0x19, Type.BYTE, Place.CONNECT),
  RESPONSE_INFORMATION(0x1A, Type.TEXT),
  SERVER_REFERENCE(0x1C, Type.TEXT),
  REASON_STRING(0x1F, Type.TEXT, Place.ACKNOWLEDGEMENT, Place.DISCONNECT, Place.AUTH),
  RECEIVE_MAXIMUM(0x21, Type.TWO_BYTES, Place.CONNECT),
  TOPIC_ALIAS_MAXIMUM(0x22, Type.TWO_BYTES, Place.CONNECT),
  TOPIC_ALIAS(0x23, Type.TWO_BYTES, Place.PUBLISH),
  MAXIMUM_QOS(0x24, Type.BYTE),
  RETAIN_AVAILABLE(0x25, Type.BYTE),
  USER_PROPERTY(
      0x26,
      Type.PAIR,
      Place.CONNECT,
      Place.PUBLISH,
      Place.WILL,
      Place.SUBSCRIBE,
      Place.UNSUBSCRIBE,
      Place.ACKNOWLEDGEMENT,
      Place.DISCONNECT,
      Place.AUTH),
  MAXIMUM_PACKET_SIZE(0x27, Type.FOUR_BYTES, Place.CONNECT),
  WILDCARD_SUBSCRIPTION_AVAILABLE(0x28, Type.BYTE),
  SUBSCRIPTION_IDENTIFIERS_AVAILABLE(0x29, Type.BYTE),
  SHARED_SUBSCRIPTION_AVAILABLE(0x2A, Type.BYTE);

  /** How a property is written. */
  enum Type {
    BYTE,
    TWO_BYTES,
    FOUR_BYTES,
    VARIABLE,
    TEXT,
    BINARY,
    PAIR
  }

  /** The packets that a client may send a property in. */
  public enum Place {
    CONNECT,
    WILL,
    PUBLISH,
    ACKNOWLEDGEMENT,
    SUBSCRIBE,
    UNSUBSCRIBE,
    DISCONNECT,
    AUTH
  }

  private static final @Nullable Property[] BY_NUMBER = new @Nullable Property[0x2B];

  static {
    for (Property property : values()) {
      BY_NUMBER[property.number] = property;
    }
  }

  private final int number;
  private final Type type;
  private final Set<Place> places = EnumSet.noneOf(Place.class);

  Property(int number, Type type, Place... places) {
    this.number = number;
    this.type = type;
    this.places.addAll(Set.of(places));
  }

  int number() {
    return number;
  }

  Type type() {
    return type;
  }

  boolean allowedIn(Place place) {
    return places.contains(place);
  }

  /** Whether the packet may have it if a server sends it. */
  boolean serversIn(Place place) {
    return (this == SUBSCRIPTION_IDENTIFIER && place == Place.PUBLISH)
        || (this == SERVER_REFERENCE && place == Place.DISCONNECT);
  }

  static Property of(int number) {
    Property property = number < BY_NUMBER.length ? BY_NUMBER[number] : null;
    if (property == null) {
      throw MqttException.malformed("property 0x" + Integer.toHexString(number) + " is unknown");
    }
    return property;
  }
}
