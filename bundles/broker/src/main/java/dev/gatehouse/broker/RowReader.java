package dev.gatehouse.broker;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Principal;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what {@link RowWriter} wrote. Every method throws {@link BadRowException} if it cannot. */
final class RowReader {
  static final int CERTIFICATE = 0;
  static final int USER = 1;
  static final int ROLE_SESSION = 2;
  static final int COGNITO_IDENTITY = 3;
  static final int ANONYMOUS = 4;
  static final int COMPONENT = 5;

  /** A role session with policies of its own. */
  static final int LIMITED_SESSION = 6;

  private static final int MAX_TEXTS = 100;

  private final ByteBuffer bytes;

  /** Reads a value that begins with the format version that is known here. */
  RowReader(byte[] row, int version) {
    bytes = ByteBuffer.wrap(row);
    int found = oneByte();
    if (found != version) {
      throw new BadRowException("format version " + found + " is not " + version);
    }
  }

  int position() {
    return bytes.position();
  }

  byte[] row() {
    return bytes.array();
  }

  /** Goes behind these bytes if they are what comes. */
  boolean skip(byte[] row, int from, int to) {
    int at = bytes.position();
    if (to - from > bytes.remaining()
        || !Arrays.equals(bytes.array(), at, at + to - from, row, from, to)) {
      return false;
    }
    bytes.position(at + to - from);
    return true;
  }

  int oneByte() {
    try {
      return bytes.get();
    } catch (BufferUnderflowException e) {
      throw new BadRowException("ends early");
    }
  }

  int number() {
    try {
      return bytes.getInt();
    } catch (BufferUnderflowException e) {
      throw new BadRowException("ends early");
    }
  }

  long longNumber() {
    return ((long) number() << 32) | (number() & 0xFFFF_FFFFL);
  }

  byte[] bytes() {
    return take(number());
  }

  String text() {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  @Nullable String nullable() {
    int length = number();
    return length < 0 ? null : new String(take(length), StandardCharsets.UTF_8);
  }

  Account account() {
    return new Account(text(), text());
  }

  Principal principal() {
    int kind = oneByte();
    Account account = account();
    switch (kind) {
      case CERTIFICATE:
        return new Principal.Certificate(account, text());
      case USER:
        return new Principal.User(account, text(), text());
      case ROLE_SESSION:
        return new Principal.RoleSession(account, text(), text(), text());
      case LIMITED_SESSION:
        return new Principal.RoleSession(account, text(), text(), text(), texts());
      case COGNITO_IDENTITY:
        return new Principal.CognitoIdentity(account, text(), oneByte() != 0);
      case ANONYMOUS:
        return new Principal.Anonymous(account, text());
      case COMPONENT:
        return new Principal.Component(account, text());
      default:
        throw new BadRowException("kind of principal " + kind + " is unknown");
    }
  }

  private List<String> texts() {
    int count = number();
    if (count < 0 || count > MAX_TEXTS) {
      throw new BadRowException(count + " texts cannot be");
    }
    List<String> texts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      texts.add(text());
    }
    return texts;
  }

  private byte[] take(int length) {
    if (length < 0 || length > bytes.remaining()) {
      throw new BadRowException(length + " bytes wanted, " + bytes.remaining() + " are left");
    }
    byte[] taken = new byte[length];
    bytes.get(taken);
    return taken;
  }

  /** A stored value that is not what the broker writes. */
  static final class BadRowException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadRowException(String message) {
      super(message);
    }
  }
}
