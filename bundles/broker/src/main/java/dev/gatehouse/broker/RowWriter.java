package dev.gatehouse.broker;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.message.QoS;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Writes the broker's stored values: big-endian numbers, texts and bytes with their length. */
final class RowWriter {
  private byte[] bytes;
  private int length;

  RowWriter(int expectedSize) {
    bytes = new byte[expectedSize];
  }

  @SuppressWarnings("EnumOrdinal") // the number on the wire, as its documentation promises
  static int level(QoS qos) {
    return qos.ordinal();
  }

  RowWriter oneByte(int value) {
    room(1);
    bytes[length++] = (byte) value;
    return this;
  }

  RowWriter number(int value) {
    room(4);
    for (int shift = 24; shift >= 0; shift -= 8) {
      bytes[length++] = (byte) (value >>> shift);
    }
    return this;
  }

  RowWriter longNumber(long value) {
    return number((int) (value >>> 32)).number((int) value);
  }

  RowWriter bytes(byte[] value) {
    number(value.length);
    room(value.length);
    System.arraycopy(value, 0, bytes, length, value.length);
    length += value.length;
    return this;
  }

  RowWriter text(String value) {
    return bytes(value.getBytes(StandardCharsets.UTF_8));
  }

  RowWriter nullable(@Nullable String value) {
    return value == null ? number(-1) : text(value);
  }

  RowWriter account(Account account) {
    return text(account.id()).text(account.region());
  }

  RowWriter principal(Principal principal) {
    if (principal instanceof Principal.Certificate p) {
      return oneByte(RowReader.CERTIFICATE).account(p.account()).text(p.certificateId());
    } else if (principal instanceof Principal.User p) {
      return oneByte(RowReader.USER).account(p.account()).text(p.userName()).text(p.userId());
    } else if (principal instanceof Principal.RoleSession p) {
      return session(p);
    } else if (principal instanceof Principal.CognitoIdentity p) {
      return oneByte(RowReader.COGNITO_IDENTITY)
          .account(p.account())
          .text(p.identityId())
          .oneByte(p.authenticated() ? 1 : 0);
    } else if (principal instanceof Principal.Anonymous p) {
      return oneByte(RowReader.ANONYMOUS).account(p.account()).text(p.policyName());
    }
    Principal.Component p = (Principal.Component) principal;
    return oneByte(RowReader.COMPONENT).account(p.account()).text(p.name());
  }

  private RowWriter session(Principal.RoleSession session) {
    boolean limited = !session.policies().isEmpty();
    oneByte(limited ? RowReader.LIMITED_SESSION : RowReader.ROLE_SESSION)
        .account(session.account())
        .text(session.roleName())
        .text(session.roleId())
        .text(session.sessionName());
    if (limited) {
      number(session.policies().size());
      session.policies().forEach(this::text);
    }
    return this;
  }

  byte[] toBytes() {
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }

  private void room(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
