package dev.gatehouse.broker;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.MessageProperties;
import dev.gatehouse.api.message.Origin;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.message.TraceId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages as bytes of the store. Of the origin only what tells it apart from others is kept. */
final class MessageCodec {
  private static final int FORMAT = 1;

  private MessageCodec() {}

  static byte[] encode(Message message) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 + message.payload().length());
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      out.writeByte(message.qos().ordinal() | (message.retain() ? 4 : 0));
      out.writeByte(message.hops());
      out.writeLong(message.timeMillis());
      out.writeLong(message.traceId().high());
      out.writeLong(message.traceId().low());
      text(out, message.topic().value());
      text(out, message.origin().clientId());
      MessageProperties properties = message.properties();
      out.writeBoolean(properties.utf8Payload());
      out.writeLong(properties.expirySeconds() == null ? -1 : properties.expirySeconds());
      text(out, properties.contentType());
      text(out, properties.responseTopic());
      bytes(out, properties.correlationData());
      out.writeShort(properties.userProperties().size());
      for (MessageProperties.UserProperty property : properties.userProperties()) {
        text(out, property.name());
        text(out, property.value());
      }
      bytes(out, message.payload());
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  static Message decode(Account account, byte[] value) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(value))) {
      int format = in.readUnsignedByte();
      if (format != FORMAT) {
        throw new IllegalStateException("a stored message has format " + format);
      }
      int flags = in.readUnsignedByte();
      int hops = in.readUnsignedByte();
      long time = in.readLong();
      TraceId traceId = new TraceId(in.readLong(), in.readLong());
      TopicName topic = new TopicName(required(in));
      String clientId = text(in);
      MessageProperties properties = properties(in);
      Payload payload = bytes(in);
      return new Message(
          account,
          topic,
          payload == null ? Payload.EMPTY : payload,
          QoS.of(flags & 3),
          (flags & 4) != 0,
          properties,
          new Origin(new Principal.Component(account, "store"), clientId, null),
          time,
          traceId,
          hops);
    } catch (IOException e) {
      throw new UncheckedIOException("a stored message is cut off", e);
    }
  }

  private static MessageProperties properties(DataInputStream in) throws IOException {
    boolean utf8 = in.readBoolean();
    long expiry = in.readLong();
    String contentType = text(in);
    String responseTopic = text(in);
    Payload correlation = bytes(in);
    int count = in.readUnsignedShort();
    List<MessageProperties.UserProperty> user = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      user.add(new MessageProperties.UserProperty(required(in), required(in)));
    }
    if (!utf8
        && expiry < 0
        && contentType == null
        && responseTopic == null
        && correlation == null
        && user.isEmpty()) {
      return MessageProperties.NONE;
    }
    return new MessageProperties(
        utf8, expiry < 0 ? null : expiry, contentType, responseTopic, correlation, user);
  }

  private static void text(DataOutputStream out, @Nullable String text) throws IOException {
    bytes(out, text == null ? null : Payload.ofText(text));
  }

  private static void bytes(DataOutputStream out, @Nullable Payload bytes) throws IOException {
    out.writeInt(bytes == null ? -1 : bytes.length());
    if (bytes != null) {
      out.write(bytes.bytes());
    }
  }

  private static @Nullable Payload bytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    return length < 0 ? null : Payload.of(in.readNBytes(length));
  }

  private static @Nullable String text(DataInputStream in) throws IOException {
    Payload bytes = bytes(in);
    return bytes == null ? null : new String(bytes.bytes(), StandardCharsets.UTF_8);
  }

  private static String required(DataInputStream in) throws IOException {
    String text = text(in);
    if (text == null) {
      throw new IOException("a text is missing");
    }
    return text;
  }

  /** What differs from session to session: QoS, RETAIN, subscription identifiers. */
  static byte[] header(Recipients.Target target, QoS qos, boolean retain) {
    byte[] header = new byte[1 + 4 * target.subscriptionIds().size()];
    header[0] = (byte) (qos.ordinal() | (retain ? 4 : 0));
    for (int i = 0; i < target.subscriptionIds().size(); i++) {
      int id = target.subscriptionIds().get(i);
      header[4 * i + 1] = (byte) (id >>> 24);
      header[4 * i + 2] = (byte) (id >>> 16);
      header[4 * i + 3] = (byte) (id >>> 8);
      header[4 * i + 4] = (byte) id;
    }
    return header;
  }

  /** A queued message again. */
  static Queued queued(Account account, long number, byte[] header, byte[] value) {
    List<Integer> ids = new ArrayList<>();
    for (int i = 1; i + 3 < header.length; i += 4) {
      ids.add(
          (header[i] & 0xff) << 24
              | (header[i + 1] & 0xff) << 16
              | (header[i + 2] & 0xff) << 8
              | (header[i + 3] & 0xff));
    }
    return new Queued(
        number, decode(account, value), QoS.of(header[0] & 3), (header[0] & 4) != 0, ids);
  }

  /** A message that waits for one session. */
  record Queued(
      long number, Message message, QoS qos, boolean retain, List<Integer> subscriptionIds) {}
}
