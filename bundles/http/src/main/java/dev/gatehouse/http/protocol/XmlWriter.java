package dev.gatehouse.http.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.http.ServiceWire;
import dev.gatehouse.api.http.Shape;
import dev.gatehouse.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Writes what handlers answer in JSON as XML. Not thread-safe. */
final class XmlWriter {
  private final StringBuilder text = new StringBuilder(512);
  private final ServiceWire wire;

  XmlWriter(ServiceWire wire) {
    this.wire = wire;
  }

  /** The JSON that a handler answered. */
  static JsonNode json(ApiOperation operation, ApiResponse answer) {
    try {
      return Json.parse(answer.body());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(operation.name() + " did not answer JSON", e);
    }
  }

  /** The document before its root element. */
  void declaration() {
    text.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
  }

  /** Begins the root element. */
  void open(String name) {
    text.append('<').append(name);
    if (!wire.xmlNamespace().isEmpty()) {
      text.append(" xmlns=\"").append(wire.xmlNamespace()).append('"');
    }
    text.append('>');
  }

  void start(String name) {
    text.append('<').append(name).append('>');
  }

  void end(String name) {
    text.append("</").append(name).append('>');
  }

  /** An element of a value; of a flattened collection an element of each of its values. */
  void value(String name, JsonNode node, Shape shape) {
    if (node.isNull() || node.isMissingNode()) {
      return;
    }
    if (node.isArray()) {
      array(name, node, shape);
    } else if (node.isObject() && shape instanceof Shape.MapOf map) {
      map(name, node, map);
    } else if (node.isObject()) {
      start(name);
      content(node, shape);
      end(name);
    } else if (shape == Shape.Scalar.TIMESTAMP && node.isNumber()) {
      leaf(name, Instant.ofEpochMilli(Math.round(node.asDouble() * 1000)).toString());
    } else {
      leaf(name, node.asText());
    }
  }

  /** The members of an object. */
  void content(JsonNode node, Shape shape) {
    Map<String, Shape> members =
        shape instanceof Shape.Structure structure ? structure.members() : Map.of();
    node.properties()
        .forEach(
            member ->
                value(
                    member.getKey(),
                    member.getValue(),
                    members.getOrDefault(member.getKey(), Shape.Scalar.ANY)));
  }

  private void array(String name, JsonNode node, Shape shape) {
    boolean flat = wire.listStyle() == ServiceWire.ListStyle.FLATTENED;
    Shape.ListOf list =
        shape instanceof Shape.ListOf declared
            ? declared
            : new Shape.ListOf(Shape.Scalar.ANY, flat ? name : "member", flat);
    if (!list.flattened()) {
      start(name);
    }
    node.forEach(element -> value(list.elementName(), element, list.element()));
    if (!list.flattened()) {
      end(name);
    }
  }

  private void map(String name, JsonNode node, Shape.MapOf map) {
    if (!map.flattened()) {
      start(name);
    }
    node.properties()
        .forEach(
            entry -> {
              start(map.entryName());
              leaf(map.keyName(), entry.getKey());
              value(map.valueName(), entry.getValue(), map.value());
              end(map.entryName());
            });
    if (!map.flattened()) {
      end(name);
    }
  }

  void leaf(String name, String value) {
    start(name);
    value.codePoints().forEach(this::escape);
    end(name);
  }

  /** What XML 1.0 cannot hold at all becomes a replacement character. */
  private void escape(int c) {
    switch (c) {
      case '<' -> text.append("&lt;");
      case '>' -> text.append("&gt;");
      case '&' -> text.append("&amp;");
      case '\r' -> text.append("&#13;");
      default -> {
        boolean allowed =
            c == '\t' || c == '\n' || (c >= 0x20 && c != 0xfffe && c != 0xffff && !surrogate(c));
        text.appendCodePoint(allowed ? c : 0xfffd);
      }
    }
  }

  private static boolean surrogate(int c) {
    return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
  }

  /** What was written, as an answer with these headers and a content type. */
  ApiResponse response(int status, Map<String, String> headers, String contentType) {
    Map<String, String> all = new HashMap<>(headers);
    all.put("content-type", contentType);
    return new ApiResponse(status, all, text.toString().getBytes(StandardCharsets.UTF_8));
  }
}
