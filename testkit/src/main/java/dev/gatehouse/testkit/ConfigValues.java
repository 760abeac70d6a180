package dev.gatehouse.testkit;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Configurations of components, as tests give them: annotation types and their values. */
public final class ConfigValues {
  private ConfigValues() {}

  /**
   * The default of each attribute by its name: null for an attribute that must be set, a list for
   * an array.
   */
  public static Map<String, @Nullable Object> defaults(Class<?> config) {
    Map<String, @Nullable Object> defaults = new TreeMap<>();
    for (Method attribute : config.getDeclaredMethods()) {
      Object value = attribute.getDefaultValue();
      defaults.put(
          attribute.getName(),
          value instanceof Object[] array ? List.copyOf(Arrays.asList(array)) : value);
    }
    return defaults;
  }

  /**
   * A configuration with some values; the other attributes have their defaults.
   *
   * @throws IllegalArgumentException for a name that is no attribute
   */
  public static <T> T of(Class<T> config, Map<String, ?> values) {
    Set<String> unknown = new HashSet<>(values.keySet());
    unknown.removeAll(defaults(config).keySet());
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(config.getSimpleName() + " has no " + unknown);
    }
    return config.cast(
        Proxy.newProxyInstance(
            config.getClassLoader(),
            new Class<?>[] {config},
            (proxy, method, arguments) ->
                values.containsKey(method.getName())
                    ? values.get(method.getName())
                    : method.getDefaultValue()));
  }
}
