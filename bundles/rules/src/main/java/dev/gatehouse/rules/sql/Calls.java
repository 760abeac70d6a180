package dev.gatehouse.rules.sql;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds what a function's name stands for. */
final class Calls {
  private static final Map<String, Function> BUILT_IN = builtIn();
  private static final Set<String> MODERN =
      Set.of(
          "decode",
          "encode",
          "indexof",
          "isundefined",
          "length",
          "numbytes",
          "time_to_epoch",
          "transform");
  private static final Set<String> OF_OTHERS =
      Set.of(
          "aws_lambda",
          "get_dynamodb",
          "get_registry_data",
          "get_secret",
          "get_thing_shadow",
          "machinelearning_predict");

  private Calls() {}

  private static Map<String, Function> builtIn() {
    Map<String, Function> all = new HashMap<>();
    NumberFunctions.addTo(all);
    TextFunctions.addTo(all);
    RegexFunctions.addTo(all);
    HashFunctions.addTo(all);
    CollectionFunctions.addTo(all);
    ContextFunctions.addTo(all);
    TimeFunctions.addTo(all);
    return Map.copyOf(all);
  }

  static Set<String> names() {
    return BUILT_IN.keySet();
  }

  static Optional<Expression> of(
      String name, List<Expression> arguments, SqlVersion version, ExternalFunctions external) {
    if (name.equals("get_or_default") && !arguments.isEmpty() && arguments.size() <= 2) {
      return Optional.of(
          new Expression.OrDefault(
              arguments.get(0), arguments.size() == 2 ? arguments.get(1) : null));
    }
    boolean hidden = !version.modern() && MODERN.contains(name);
    Function function = BUILT_IN.get(name);
    if (function != null && !hidden) {
      if (name.equals("encode")
          && arguments.size() == 2
          && arguments.get(0) instanceof Expression.Star
          && arguments.get(1).equals(new Expression.Literal(new Value.Text("base64")))) {
        return Optional.of(new Expression.EncodePayload());
      }
      return Optional.of(new Expression.Call(name, function, arguments));
    }
    return external.knows(name)
        ? Optional.of(new Expression.ExternalCall(name, arguments))
        : Optional.empty();
  }

  static String problem(String name, SqlVersion version) {
    if (BUILT_IN.containsKey(name)) {
      return "function " + name + " needs awsIotSqlVersion 2016-03-23, not " + version.wireName();
    }
    return OF_OTHERS.contains(name)
        ? "function " + name + " needs a bundle that provides it, and none does"
        : "unknown function " + name;
  }
}
