package dev.gatehouse.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.tag.Tags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An object of a body; every wrong type is an InvalidRequestException that names the member. */
public final class JsonBody {
  private final ObjectNode node;
  private final String path;

  JsonBody(ObjectNode node, String path) {
    this.node = node;
    this.path = path;
  }

  /** The tree, for those who keep it as it is. */
  public ObjectNode tree() {
    return node;
  }

  /** A string, if given and not null. */
  public Optional<String> text(String name) {
    return given(name)
        .map(
            value -> {
              if (!value.isTextual()) {
                throw wrong(name, "a string", value);
              }
              return value.asText();
            });
  }

  /** A string that must be given. */
  public String requireText(String name) {
    return text(name)
        .orElseThrow(
            () ->
                new ServiceException(
                    ErrorCode.INVALID_REQUEST, "the member " + path + name + " is missing"));
  }

  /** A boolean, if given and not null. */
  public Optional<Boolean> flag(String name) {
    return given(name)
        .map(
            value -> {
              if (!value.isBoolean()) {
                throw wrong(name, "true or false", value);
              }
              return value.asBoolean();
            });
  }

  /** A whole number, if given and not null. */
  public Optional<Long> number(String name) {
    return given(name)
        .map(
            value -> {
              if (!value.isIntegralNumber() || !value.canConvertToLong()) {
                throw wrong(name, "a whole number", value);
              }
              return value.asLong();
            });
  }

  /** An object, if given and not null. */
  public Optional<JsonBody> object(String name) {
    return given(name)
        .map(
            value -> {
              if (!(value instanceof ObjectNode object)) {
                throw wrong(name, "an object", value);
              }
              return new JsonBody(object, path + name + ".");
            });
  }

  /** The members, all of which must be strings, in order. */
  public Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      if (!member.getValue().isTextual()) {
        throw wrong(member.getKey(), "a string", member.getValue());
      }
      texts.put(member.getKey(), member.getValue().asText());
    }
    return texts;
  }

  /** A list of strings, if given and not null. */
  public Optional<List<String>> list(String name) {
    return given(name)
        .map(
            value -> {
              List<String> texts = new ArrayList<>();
              for (JsonNode element : array(name, value)) {
                if (!element.isTextual()) {
                  throw wrong(name, "a list of strings", element);
                }
                texts.add(element.asText());
              }
              return texts;
            });
  }

  /** The objects of a list; none if it is not given or null. */
  public List<JsonBody> objects(String name) {
    List<JsonBody> objects = new ArrayList<>();
    given(name)
        .ifPresent(
            value -> {
              for (JsonNode element : array(name, value)) {
                if (!(element instanceof ObjectNode object)) {
                  throw wrong(name, "a list of objects", element);
                }
                objects.add(new JsonBody(object, path + name + "."));
              }
            });
    return objects;
  }

  /** The list {@code tags} of keys and values; none if it is not given or null. */
  public Tags tags() {
    Map<String, String> tags = new HashMap<>();
    for (JsonBody tag : objects("tags")) {
      String key = tag.requireText("Key");
      if (tags.put(key, tag.text("Value").orElse("")) != null) {
        throw Tags.givenTwice(key);
      }
    }
    return new Tags(tags);
  }

  private ArrayNode array(String name, JsonNode value) {
    if (!(value instanceof ArrayNode array)) {
      throw wrong(name, "a list", value);
    }
    return array;
  }

  private Optional<JsonNode> given(String name) {
    return Optional.ofNullable(node.get(name)).filter(value -> !value.isNull());
  }

  private ServiceException wrong(String name, String wanted, JsonNode value) {
    return new ServiceException(
        ErrorCode.INVALID_REQUEST,
        "the member "
            + path
            + name
            + " must be "
            + wanted
            + ", not "
            + value.getNodeType().name().toLowerCase(java.util.Locale.ROOT));
  }
}
