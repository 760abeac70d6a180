package dev.gatehouse.identity.policy;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values of policy variables and condition keys at one decision. Names ignore case. */
@FunctionalInterface
public interface Values {

  /** The value of a name, the first if it has several; null if it has none. */
  @Nullable String one(String name);

  /** All values of a name, empty if it has none. */
  default List<String> all(String name) {
    String value = one(name);
    return value == null ? List.of() : List.of(value);
  }

  /** Those of a map that ignores case. */
  static Values of(Map<String, String> values) {
    return values::get;
  }
}
