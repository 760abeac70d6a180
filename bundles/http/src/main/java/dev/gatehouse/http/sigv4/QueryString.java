package dev.gatehouse.http.sigv4;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Percent-encoding as AWS wants it (RFC 3986 unreserved characters, upper-case hex). */
public final class QueryString {
  private QueryString() {}

  /** One parameter, decoded. */
  public record Parameter(String name, String value) {}

  /**
   * Splits and decodes.
   *
   * @throws ServiceException INVALID_REQUEST if an escape is malformed or not UTF-8
   */
  public static List<Parameter> parse(String rawQuery) {
    List<Parameter> parameters = new ArrayList<>();
    for (String part : rawQuery.split("&")) {
      if (!part.isEmpty()) {
        int equals = part.indexOf('=');
        parameters.add(
            equals < 0
                ? new Parameter(decode(part, true), "")
                : new Parameter(
                    decode(part.substring(0, equals), true),
                    decode(part.substring(equals + 1), true)));
      }
    }
    return parameters;
  }

  /** The canonical query: encoded, sorted by name, then by value. */
  static String canonical(List<Parameter> parameters) {
    return parameters.stream()
        .map(parameter -> new Parameter(encode(parameter.name()), encode(parameter.value())))
        .sorted(Comparator.comparing(Parameter::name).thenComparing(Parameter::value))
        .map(parameter -> parameter.name() + "=" + parameter.value())
        .collect(Collectors.joining("&"));
  }

  /** Decodes escapes; a plus is a blank in a query and itself in a path. */
  public static String decode(String text, boolean query) {
    if (text.indexOf('%') < 0 && (!query || text.indexOf('+') < 0)) {
      return text;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
        int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
        if (high < 0 || low < 0) {
          throw malformed(text);
        }
        bytes.write(high * 16 + low);
        i += 2;
      } else {
        bytes.write(c == '+' && query ? ' ' : c);
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw malformed(text);
    }
  }

  private static ServiceException malformed(String text) {
    return new ServiceException(
        ErrorCode.INVALID_REQUEST, "'" + text + "' is not percent-encoded UTF-8");
  }

  static String encode(String text) {
    StringBuilder encoded = new StringBuilder(text.length() + 16);
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      int c = b & 0xff;
      boolean unreserved =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '-'
              || c == '_'
              || c == '.'
              || c == '~';
      if (unreserved) {
        encoded.append((char) c);
      } else {
        encoded.append('%');
        encoded.append("0123456789ABCDEF".charAt(c >> 4));
        encoded.append("0123456789ABCDEF".charAt(c & 15));
      }
    }
    return encoded.toString();
  }

  /** Encodes each segment of a path once more, as every service but S3 signs it. */
  static String encodePath(String rawPath) {
    StringBuilder path = new StringBuilder();
    for (String segment : rawPath.split("/", -1)) {
      path.append('/').append(encode(segment));
    }
    return path.substring(1);
  }
}
