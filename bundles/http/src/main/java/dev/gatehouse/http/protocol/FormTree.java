package dev.gatehouse.http.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.Shape;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes JSON of a form's fields. Dots in a name lead into structures, numbers are places in lists:
 * {@code Tags.member.1.Key}, or {@code Attribute.1.Name} in a flattened list.
 */
final class FormTree {
  private final Map<String, FormTree> members = new TreeMap<>();
  private String text = "";

  private FormTree() {}

  /**
   * The fields as JSON.
   *
   * @throws ServiceException INVALID_REQUEST naming the field that does not fit
   */
  static JsonNode json(Map<String, String> fields, Shape shape, HeapCount memory) {
    long dots =
        fields.keySet().stream()
            .mapToLong(name -> name.chars().filter(c -> c == '.').count())
            .sum();
    memory.take(2L * WireTree.NODE_BYTES * (dots + fields.size()));
    FormTree root = new FormTree();
    fields.forEach(
        (name, value) -> {
          if (!name.equals("Action") && !name.equals("Version") && !name.startsWith("X-Amz-")) {
            root.put(name, value);
          }
        });
    return ShapedJson.of(root.tree(), shape);
  }

  private void put(String name, String value) {
    String[] path = name.split("\\.", -1);
    if (path.length > WireTree.MAX_DEPTH) {
      throw invalid("the parameter has more than " + WireTree.MAX_DEPTH + " parts", name);
    }
    FormTree at = this;
    for (String part : path) {
      if (part.isEmpty() || !at.text.isEmpty()) {
        throw invalid("the parameter does not fit the others", name);
      }
      at = at.members.computeIfAbsent(part, unused -> new FormTree());
    }
    if (!at.members.isEmpty()) {
      throw invalid("the parameter does not fit the others", name);
    }
    at.text = value;
  }

  private static ServiceException invalid(String problem, String name) {
    String shown = name.length() > 100 ? name.substring(0, 100) + "…" : name;
    return new ServiceException(ErrorCode.INVALID_REQUEST, problem + ": '" + shown + "'");
  }

  private WireTree tree() {
    WireTree node = new WireTree();
    node.text = text;
    members.forEach((name, member) -> member.addTo(node, name));
    return node;
  }

  /** Adds this to a parent: as one child, or, if its members are places, as one for each. */
  private void addTo(WireTree parent, String name) {
    boolean list =
        !members.isEmpty() && members.keySet().stream().allMatch(key -> key.matches("\\d{1,6}"));
    if (!list) {
      parent.add(name, tree());
      return;
    }
    Map<Integer, FormTree> places = new TreeMap<>();
    members.forEach((place, member) -> places.put(Integer.valueOf(place), member));
    places
        .values()
        .forEach(
            member -> {
              WireTree element = member.tree();
              element.isNumbered = true;
              parent.add(name, element);
            });
  }
}
