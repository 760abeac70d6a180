package dev.gatehouse.broker;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.MessageProperties;
import dev.gatehouse.api.message.MessageProperties.UserProperty;
import dev.gatehouse.api.message.Origin;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.PayloadFormat;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.message.TraceId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The stored form of a message: binary, since every durable delivery writes one. */
final class MessageRow {
  private static final int VERSION = 1;
  private static final int QOS = 3;
  private static final int RETAIN = 4;
  private static final int PROPERTIES = 8;

  private MessageRow() {}

  static byte[] write(Message message) {
    boolean properties = !message.properties().equals(MessageProperties.NONE);
    int flags =
        RowWriter.level(message.qos())
            | (message.retain() ? RETAIN : 0)
            | (properties ? PROPERTIES : 0);
    RowWriter row =
        new RowWriter(256 + message.topic().value().length() + message.payload().length())
            .oneByte(VERSION)
            .oneByte(flags)
            .account(message.account())
            .text(message.topic().value())
            .bytes(message.payload().bytes())
            .principal(message.origin().principal())
            .nullable(message.origin().clientId())
            .nullable(message.origin().sourceIp())
            .longNumber(message.timeMillis())
            .longNumber(message.traceId().high())
            .longNumber(message.traceId().low())
            .oneByte(message.hops());
    if (properties) {
      write(row, message.properties());
    }
    return row.toBytes();
  }

  static Message read(byte[] value) {
    return new Reader().read(value);
  }

  /** Reads rows, and shares what does not differ from one to the next. Used by one thread. */
  static final class Reader {
    private final Repeated<Account> account = new Repeated<>(RowReader::account);
    private final Repeated<TopicName> topic = new Repeated<>(row -> new TopicName(row.text()));
    private final Repeated<Origin> origin =
        new Repeated<>(row -> new Origin(row.principal(), row.nullable(), row.nullable()));

    /**
     * A message.
     *
     * @throws RowReader.BadRowException if it is none
     */
    Message read(byte[] value) {
      RowReader row = new RowReader(value, VERSION);
      int flags = row.oneByte();
      try {
        Account inAccount = account.read(row);
        TopicName toTopic = topic.read(row);
        Payload payload = Payload.of(row.bytes());
        Origin from = origin.read(row);
        long timeMillis = row.longNumber();
        TraceId traceId = new TraceId(row.longNumber(), row.longNumber());
        int hops = row.oneByte();
        return new Message(
            inAccount,
            toTopic,
            payload,
            QoS.of(flags & QOS),
            (flags & RETAIN) != 0,
            (flags & PROPERTIES) == 0 ? MessageProperties.NONE : properties(row),
            from,
            timeMillis,
            traceId,
            hops);
      } catch (IllegalArgumentException e) {
        throw new RowReader.BadRowException("message: " + e.getMessage());
      }
    }
  }

  private static void write(RowWriter row, MessageProperties properties) {
    Long expiry = properties.expirySeconds();
    Payload correlation = properties.correlationData();
    row.oneByte(number(properties.payloadFormat()))
        .longNumber(expiry == null ? -1 : expiry)
        .nullable(properties.contentType())
        .nullable(properties.responseTopic());
    if (correlation == null) {
      row.number(-1);
    } else {
      row.number(1).bytes(correlation.bytes());
    }
    row.number(properties.userProperties().size());
    for (UserProperty property : properties.userProperties()) {
      row.text(property.name()).text(property.value());
    }
  }

  /** 0 stands for none, as in rows from before the indicator 0 was kept. */
  private static int number(@Nullable PayloadFormat format) {
    return format == null ? 0 : format == PayloadFormat.UTF8_DATA ? 1 : 2;
  }

  private static @Nullable PayloadFormat payloadFormat(int number) {
    return switch (number) {
      case 0 -> null;
      case 1 -> PayloadFormat.UTF8_DATA;
      default -> PayloadFormat.UNSPECIFIED_BYTES;
    };
  }

  private static MessageProperties properties(RowReader row) {
    PayloadFormat format = payloadFormat(row.oneByte());
    long expiry = row.longNumber();
    String contentType = row.nullable();
    String responseTopic = row.nullable();
    @Nullable Payload correlation = row.number() < 0 ? null : Payload.of(row.bytes());
    int count = row.number();
    List<UserProperty> user = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      user.add(new UserProperty(row.text(), row.text()));
    }
    return new MessageProperties(
        format, expiry < 0 ? null : expiry, contentType, responseTopic, correlation, user);
  }
}
