package dev.gatehouse.http.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.Shape;
import dev.gatehouse.json.Json;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns the tree of a form or of XML into JSON, by a shape. */
final class ShapedJson {
  private ShapedJson() {}

  /**
   * The JSON of a tree.
   *
   * @throws ServiceException INVALID_REQUEST if a value does not have its shape
   */
  static JsonNode of(WireTree tree, Shape shape) {
    if (shape instanceof Shape.Structure structure) {
      return object(tree, structure.members());
    }
    return value("the value", tree, shape);
  }

  private static JsonNode value(String name, WireTree tree, Shape shape) {
    if (shape instanceof Shape.Structure structure) {
      return object(tree, structure.members());
    }
    if (shape instanceof Shape.ListOf list) {
      return list(name, children(tree, list.elementName()), list.element());
    }
    if (shape instanceof Shape.MapOf map) {
      return map(name, children(tree, map.entryName()), map);
    }
    return tree.children().isEmpty()
        ? scalar(name, tree.text, (Shape.Scalar) shape)
        : guess(name, tree);
  }

  private static List<WireTree> children(WireTree tree, String name) {
    return tree.children().getOrDefault(name, List.of());
  }

  private static ObjectNode object(WireTree tree, Map<String, Shape> members) {
    ObjectNode object = Json.object();
    Map<String, List<WireTree>> rest = new LinkedHashMap<>(tree.children());
    members.forEach(
        (name, shape) -> {
          JsonNode value = member(name, shape, rest);
          if (value != null) {
            object.set(name, value);
          }
        });
    rest.forEach(
        (name, trees) -> {
          boolean list = trees.size() > 1 || trees.get(0).isNumbered;
          object.set(
              name,
              list
                  ? list(name, trees, Shape.Scalar.ANY)
                  : value(name, trees.get(0), Shape.Scalar.ANY));
        });
    return object;
  }

  /** A member with a shape; null if it is absent. */
  private static @Nullable JsonNode member(
      String name, Shape shape, Map<String, List<WireTree>> rest) {
    if (shape instanceof Shape.ListOf list && list.flattened()) {
      List<WireTree> elements = rest.remove(list.elementName());
      return elements == null ? null : list(name, elements, list.element());
    }
    if (shape instanceof Shape.MapOf map && map.flattened()) {
      List<WireTree> entries = rest.remove(map.entryName());
      return entries == null ? null : map(name, entries, map);
    }
    List<WireTree> trees = rest.remove(name);
    return trees == null ? null : value(name, only(name, trees), shape);
  }

  private static WireTree only(String name, List<WireTree> trees) {
    if (trees.size() > 1) {
      throw invalid(name, "is given " + trees.size() + " times; give it once");
    }
    return trees.get(0);
  }

  private static ArrayNode list(String name, List<WireTree> elements, Shape element) {
    ArrayNode array = Json.object().arrayNode();
    elements.forEach(tree -> array.add(value(name, tree, element)));
    return array;
  }

  private static ObjectNode map(String name, List<WireTree> entries, Shape.MapOf map) {
    ObjectNode object = Json.object();
    for (WireTree entry : entries) {
      List<WireTree> keys = children(entry, map.keyName());
      List<WireTree> values = children(entry, map.valueName());
      if (keys.isEmpty() || values.isEmpty()) {
        throw invalid(
            name, "has an entry without " + (keys.isEmpty() ? map.keyName() : map.valueName()));
      }
      String key = only(name, keys).text;
      if (object.has(key)) {
        throw invalid(name, "has the key '" + key + "' twice; give it once");
      }
      object.set(key, value(name, only(name, values), map.value()));
    }
    return object;
  }

  /** Without a shape, a list or a map is known by the usual names of its elements. */
  private static JsonNode guess(String name, WireTree tree) {
    Set<String> names = tree.children().keySet();
    if (names.equals(Set.of("member"))) {
      return list(name, children(tree, "member"), Shape.Scalar.ANY);
    }
    if (names.equals(Set.of("entry"))) {
      return map(name, children(tree, "entry"), Shape.map(Shape.Scalar.ANY));
    }
    return object(tree, Map.of());
  }

  private static JsonNode scalar(String name, String text, Shape.Scalar scalar) {
    ObjectNode nodes = Json.object();
    return switch (scalar) {
      case NUMBER -> nodes.numberNode(number(name, text));
      case FLAG -> nodes.booleanNode(flag(name, text));
      case TIMESTAMP -> nodes.numberNode(seconds(name, text));
      case ANY, BLOB -> TextNode.valueOf(text);
    };
  }

  private static BigDecimal number(String name, String text) {
    if (!text.matches("-?\\d{1,100}(\\.\\d{1,100})?([eE][-+]?\\d{1,3})?")) {
      throw invalid(name, "is '" + shown(text) + "', which is not a number");
    }
    return new BigDecimal(text);
  }

  private static boolean flag(String name, String text) {
    if (!text.equals("true") && !text.equals("false")) {
      throw invalid(name, "is '" + shown(text) + "'; it must be true or false");
    }
    return text.equals("true");
  }

  private static BigDecimal seconds(String name, String text) {
    try {
      Instant time = Instant.parse(text);
      return BigDecimal.valueOf(time.getEpochSecond())
          .add(BigDecimal.valueOf(time.getNano(), 9))
          .stripTrailingZeros();
    } catch (DateTimeParseException e) {
      throw invalid(
          name, "is '" + shown(text) + "', which is not a time such as 2016-04-08T23:51:10Z");
    }
  }

  private static String shown(String text) {
    return text.length() > 100 ? text.substring(0, 100) + "…" : text;
  }

  private static ServiceException invalid(String name, String problem) {
    return new ServiceException(ErrorCode.INVALID_REQUEST, name + " " + problem);
  }
}
