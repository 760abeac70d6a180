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

  private static final Set<String> MODERN_OF_OTHERS = Set.of("get_dynamodb", "get_thing_shadow");

  private static final Set<String> CODING = Set.of("decode", "encode");
  private static final Expression BASE64 = new Expression.Literal(new Value.Text("base64"));
  private static final Expression PROTO = new Expression.Literal(new Value.Text("proto"));

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

  /** Which argument of a function of others is its role; -1 if it takes none. */
  static int role(String name, int arguments) {
    return switch (name) {
      case "get_dynamodb", "get_registry_data", "get_secret", "get_thing_shadow" -> arguments - 1;
      case "machinelearning_predict" -> Math.min(1, arguments - 1);
      default -> -1;
    };
  }

  static Set<String> names() {
    return BUILT_IN.keySet();
  }

  /** The call that a name and its arguments stand for; empty if {@link #problem} knows why not. */
  static Optional<Expression> of(
      String name, List<Expression> arguments, SqlVersion version, ExternalFunctions external) {
    if (name.equals("get_or_default") && !arguments.isEmpty() && arguments.size() <= 2) {
      return Optional.of(
          new Expression.OrDefault(
              arguments.get(0), arguments.size() == 2 ? arguments.get(1) : null));
    }
    if (proto(name, arguments)) {
      return external.knows(name)
          ? Optional.of(new Expression.ExternalCall(name, arguments))
          : Optional.empty();
    }
    Function function = BUILT_IN.get(name);
    if (function == null) {
      return external.knows(name) && (version.modern() || !MODERN_OF_OTHERS.contains(name))
          ? Optional.of(new Expression.ExternalCall(name, arguments))
          : Optional.empty();
    }
    if (!version.modern() && MODERN.contains(name)) {
      return Optional.empty();
    }
    if (CODING.contains(name)) {
      return coding(name, function, arguments);
    }
    return Optional.of(new Expression.Call(name, function, arguments));
  }

  /** {@code decode(…, 'proto', …)} needs descriptors of messages, which are not here. */
  private static boolean proto(String name, List<Expression> arguments) {
    return name.equals("decode") && arguments.size() > 2 && arguments.get(1).equals(PROTO);
  }

  private static Optional<Expression> coding(
      String name, Function function, List<Expression> arguments) {
    if (arguments.size() != 2 || !arguments.get(1).equals(BASE64)) {
      return Optional.empty();
    }
    return name.equals("encode") && arguments.get(0) instanceof Expression.Star
        ? Optional.of(new Expression.EncodePayload())
        : Optional.of(new Expression.Call(name, function, arguments));
  }

  static String problem(String name, List<Expression> arguments, SqlVersion version) {
    if (proto(name, arguments)) {
      return "function decode with 'proto' needs a bundle that provides it, and none does";
    }
    if (!version.modern() && (MODERN.contains(name) || MODERN_OF_OTHERS.contains(name))) {
      return "function " + name + " needs awsIotSqlVersion 2016-03-23, not " + version.wireName();
    }
    if (CODING.contains(name)) {
      return "expected a value and the literal 'base64' as the arguments of " + name;
    }
    if (name.equals("get_or_default")) {
      return "expected one or two arguments of get_or_default, found " + arguments.size();
    }
    return OF_OTHERS.contains(name)
        ? "function " + name + " needs a bundle that provides it, and none does"
        : "unknown function " + name;
  }
}
