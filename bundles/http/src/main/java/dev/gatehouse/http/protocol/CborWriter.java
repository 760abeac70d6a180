package dev.gatehouse.http.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import dev.gatehouse.api.http.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.Map;

/**
 * Writes what handlers answer in JSON as CBOR: bytes and times by their shapes. Members that are
 * null are left out, since some clients cannot read a null.
 */
final class CborWriter {
  private static final int TIME = 1; // RFC 8949, 3.4.2

  private final CBORGenerator out;
  private final int ticksPerSecond;

  private CborWriter(CBORGenerator out, int ticksPerSecond) {
    this.out = out;
    this.ticksPerSecond = ticksPerSecond;
  }

  /**
   * The CBOR of a JSON tree.
   *
   * @param ticksPerSecond the unit of times; of 1 a fraction is kept
   */
  static byte[] bytes(JsonNode node, Shape shape, int ticksPerSecond) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (CBORGenerator out = CborReader.FACTORY.createGenerator(bytes)) {
      new CborWriter(out, ticksPerSecond).value(node, shape);
    } catch (IOException e) {
      throw new IllegalStateException("an answer cannot be written as CBOR", e);
    }
    return bytes.toByteArray();
  }

  private void value(JsonNode node, Shape shape) throws IOException {
    switch (node.getNodeType()) {
      case OBJECT -> object(node, shape);
      case ARRAY -> array(node, shape);
      case STRING -> text(node.textValue(), shape);
      case BOOLEAN -> out.writeBoolean(node.booleanValue());
      case NUMBER -> number(node, shape);
      default -> out.writeNull();
    }
  }

  private void object(JsonNode node, Shape shape) throws IOException {
    int size = 0;
    for (JsonNode member : node) {
      size += member.isNull() ? 0 : 1;
    }
    out.writeStartObject(null, size);
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      if (!member.getValue().isNull()) {
        out.writeFieldName(member.getKey());
        value(member.getValue(), member(shape, member.getKey()));
      }
    }
    out.writeEndObject();
  }

  private static Shape member(Shape shape, String name) {
    if (shape instanceof Shape.Structure structure) {
      return structure.members().getOrDefault(name, Shape.Scalar.ANY);
    }
    return shape instanceof Shape.MapOf map ? map.value() : Shape.Scalar.ANY;
  }

  private void array(JsonNode node, Shape shape) throws IOException {
    Shape element = shape instanceof Shape.ListOf list ? list.element() : Shape.Scalar.ANY;
    out.writeStartArray(null, node.size());
    for (JsonNode child : node) {
      value(child, element);
    }
    out.writeEndArray();
  }

  private void text(String text, Shape shape) throws IOException {
    if (shape == Shape.Scalar.BLOB) {
      out.writeBinary(Base64.getDecoder().decode(text));
    } else {
      out.writeString(text);
    }
  }

  private void number(JsonNode node, Shape shape) throws IOException {
    if (shape == Shape.Scalar.TIMESTAMP) {
      out.writeTag(TIME);
      if (ticksPerSecond > 1) {
        out.writeNumber(Math.round(node.doubleValue() * ticksPerSecond));
      } else {
        out.writeNumber(node.doubleValue());
      }
    } else if (node.isIntegralNumber()) {
      if (node.canConvertToLong()) {
        out.writeNumber(node.longValue());
      } else {
        out.writeNumber(node.bigIntegerValue());
      }
    } else {
      out.writeNumber(node.doubleValue());
    }
  }
}
