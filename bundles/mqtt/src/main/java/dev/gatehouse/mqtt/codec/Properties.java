package dev.gatehouse.mqtt.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The properties of one packet. Each may stand once, but for user properties. */
public final class Properties {
  /** No properties; not to be added to. */
  public static final Properties NONE = new Properties();

  private static final int MAX_USER_PROPERTIES = 1000;
  private static final int MAX_REASON = 512; // chars: topics in it may be as long as a text can be

  private final Map<Property, Object> values = new EnumMap<>(Property.class);
  private final List<String[]> user = new ArrayList<>(0);
  private final List<Integer> subscriptionIds = new ArrayList<>(0);

  /** None. */
  public Properties() {}

  /** A copy. */
  public Properties(Properties other) {
    values.putAll(other.values);
    user.addAll(other.user);
    subscriptionIds.addAll(other.subscriptionIds);
  }

  /** Adds a number. */
  public Properties with(Property property, long value) {
    values.put(property, value);
    return this;
  }

  /** Adds a text. */
  public Properties with(Property property, String value) {
    values.put(property, value);
    return this;
  }

  /** Adds a reason string, cut where it is longer than anyone reads. */
  public Properties withReason(String reason) {
    if (reason.length() <= MAX_REASON) {
      return with(Property.REASON_STRING, reason);
    }
    int end =
        Character.isHighSurrogate(reason.charAt(MAX_REASON - 1)) ? MAX_REASON - 1 : MAX_REASON;
    return with(Property.REASON_STRING, reason.substring(0, end));
  }

  /** Adds bytes. */
  public Properties with(Property property, byte[] value) {
    values.put(property, value);
    return this;
  }

  /** Adds a user property. */
  public Properties withUser(String name, String value) {
    user.add(new String[] {name, value});
    return this;
  }

  /** Adds a subscription identifier. */
  public Properties withSubscriptionId(int id) {
    subscriptionIds.add(id);
    return this;
  }

  /** A number, if given. */
  public Optional<Long> number(Property property) {
    return Optional.ofNullable((Long) values.get(property));
  }

  /** A text, if given. */
  public Optional<String> text(Property property) {
    return Optional.ofNullable((String) values.get(property));
  }

  /** Bytes, if given. */
  public Optional<byte[]> binary(Property property) {
    return Optional.ofNullable((byte[]) values.get(property));
  }

  /** Names and values, in order. */
  public List<String[]> user() {
    return user;
  }

  static Properties read(ByteBuf in, Property.Place place) {
    int length = Wire.readVariable(in);
    if (length == 0) {
      return NONE;
    }
    if (length > in.readableBytes()) {
      throw MqttException.malformed("the properties are longer than the packet");
    }
    ByteBuf slice = in.readSlice(length);
    Properties properties = new Properties();
    while (slice.isReadable()) {
      properties.readOne(slice, place);
    }
    return properties;
  }

  private void readOne(ByteBuf in, Property.Place place) {
    Property property = Property.of(Wire.readVariable(in));
    if (property.serversIn(place)) {
      throw MqttException.protocol("property " + property + " is the server's in " + place);
    }
    if (!property.allowedIn(place)) {
      throw MqttException.malformed(
          "property " + property + " is not allowed in " + place + " (MQTT 5.0, 2.2.2.2)");
    }
    if (property.type() == Property.Type.PAIR) {
      if (user.size() == MAX_USER_PROPERTIES) {
        throw new MqttException(
            ReasonCode.QUOTA_EXCEEDED, "more than " + MAX_USER_PROPERTIES + " user properties");
      }
      user.add(new String[] {Wire.readText(in), Wire.readText(in)});
      return;
    }
    Object value =
        switch (property.type()) {
          case BYTE -> (Object) (long) Wire.readByte(in);
          case TWO_BYTES -> (long) Wire.readShort(in);
          case FOUR_BYTES -> Wire.readInt(in);
          case VARIABLE -> (long) Wire.readVariable(in);
          case TEXT -> Wire.readText(in);
          case BINARY, PAIR -> Wire.readBinary(in);
        };
    if (values.put(property, value) != null) {
      throw MqttException.protocol("property " + property + " is given twice");
    }
    check(property, value);
  }

  private static void check(Property property, Object value) {
    boolean wrong =
        switch (property) {
          case PAYLOAD_FORMAT_INDICATOR,
              REQUEST_PROBLEM_INFORMATION,
              REQUEST_RESPONSE_INFORMATION ->
              (long) value > 1;
          case RECEIVE_MAXIMUM, MAXIMUM_PACKET_SIZE, SUBSCRIPTION_IDENTIFIER -> (long) value == 0;
          default -> false;
        };
    if (wrong) {
      throw MqttException.protocol("property " + property + " must not be " + value);
    }
  }

  /** Whether there are none. */
  public boolean empty() {
    return values.isEmpty() && user.isEmpty() && subscriptionIds.isEmpty();
  }

  /** With the length in front. */
  void write(ByteBuf out) {
    if (empty()) {
      out.writeByte(0);
      return;
    }
    ByteBuf body = Unpooled.buffer();
    values.forEach((property, value) -> writeOne(body, property, value));
    for (int id : subscriptionIds) {
      body.writeByte(Property.SUBSCRIPTION_IDENTIFIER.number());
      Wire.writeVariable(body, id);
    }
    for (String[] pair : user) {
      body.writeByte(Property.USER_PROPERTY.number());
      Wire.writeText(body, pair[0]);
      Wire.writeText(body, pair[1]);
    }
    Wire.writeVariable(out, body.readableBytes());
    out.writeBytes(body);
    body.release();
  }

  private static void writeOne(ByteBuf out, Property property, Object value) {
    out.writeByte(property.number());
    switch (property.type()) {
      case BYTE -> out.writeByte((int) (long) value);
      case TWO_BYTES -> out.writeShort((int) (long) value);
      case FOUR_BYTES -> out.writeInt((int) (long) value);
      case VARIABLE -> Wire.writeVariable(out, (int) (long) value);
      case TEXT -> Wire.writeText(out, (String) value);
      case BINARY, PAIR -> {
        byte[] bytes = (byte[]) value;
        out.writeShort(bytes.length).writeBytes(bytes);
      }
    }
  }
}
