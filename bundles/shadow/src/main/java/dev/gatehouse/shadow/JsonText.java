package dev.gatehouse.shadow;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.gatehouse.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** An object of JSON, written member by member from parts that are JSON already. */
final class JsonText {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream(512);

  /** Nothing yet. */
  JsonText() {}

  /** An object, of at least one member, that goes on. */
  JsonText(byte[] object) {
    out.write(object, 0, object.length - 1);
  }

  /** A member whose name needs no escapes. */
  JsonText member(String name, byte[] json) {
    out.write(out.size() == 0 ? '{' : ',');
    out.write('"');
    out.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
    out.write('"');
    out.write(':');
    out.writeBytes(json);
    return this;
  }

  JsonText member(String name, long value) {
    return member(name, Long.toString(value).getBytes(StandardCharsets.US_ASCII));
  }

  JsonText member(String name, String value) {
    return member(name, Json.bytes(TextNode.valueOf(value)));
  }

  /** The object; at least one member must have been written. */
  byte[] end() {
    out.write('}');
    return out.toByteArray();
  }
}
