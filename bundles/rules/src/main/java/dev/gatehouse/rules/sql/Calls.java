package dev.gatehouse.rules.sql;

import dev.gatehouse.api.rules.function.FunctionSignature;
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
  private static final Set<String> CODING = Set.of("decode", "encode");
  private static final Expression BASE64 = new Expression.Literal(new Value.Text("base64"));

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

  /** The call that a name and its arguments stand for; empty if {@link #problem} knows why not. */
  static Optional<Expression> of(
      String name, List<Expression> arguments, SqlVersion version, ExternalFunctions external) {
    if (name.equals("get_or_default") && !arguments.isEmpty() && arguments.size() <= 2) {
      return Optional.of(
          new Expression.OrDefault(
              arguments.get(0), arguments.size() == 2 ? arguments.get(1) : null));
    }
    Function function = BUILT_IN.get(name);
    if (function == null || otherForm(name, arguments)) {
      return external
          .find(name)
          .filter(signature -> version.modern() || !signature.since2016())
          .filter(signature -> signature.takes(arguments.size()))
          .map(signature -> new Expression.ExternalCall(name, arguments));
    }
    if (!version.modern() && MODERN.contains(name)) {
      return Optional.empty();
    }
    if (CODING.contains(name)) {
      return coding(name, function, arguments);
    }
    return Optional.of(new Expression.Call(name, function, arguments));
  }

  /** {@code encode} and {@code decode} with more arguments are functions of other bundles. */
  private static boolean otherForm(String name, List<Expression> arguments) {
    return CODING.contains(name) && arguments.size() > 2;
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

  static String problem(
      String name, List<Expression> arguments, SqlVersion version, ExternalFunctions external) {
    boolean own = BUILT_IN.containsKey(name) && !otherForm(name, arguments);
    if (!own) {
      return external
          .find(name)
          .map(signature -> problem(signature, arguments.size(), version))
          .orElseGet(() -> absent(name, arguments));
    }
    if (!version.modern() && MODERN.contains(name)) {
      return tooOld(name, version);
    }
    return "expected a value and the literal 'base64' as the arguments of " + name;
  }

  private static String absent(String name, List<Expression> arguments) {
    if (name.equals("get_or_default")) {
      return "expected one or two arguments of get_or_default, found " + arguments.size();
    }
    String form = CODING.contains(name) ? name + " of " + arguments.size() + " arguments" : name;
    return "function %s needs a bundle that provides it, and none does; this SQL itself has none"
        .formatted(form);
  }

  private static String problem(FunctionSignature signature, int arguments, SqlVersion version) {
    if (signature.since2016() && !version.modern()) {
      return tooOld(signature.name(), version);
    }
    int min = signature.minArguments();
    int max = signature.maxArguments();
    return "expected %s arguments of %s, found %d"
        .formatted(min == max ? min : min + " to " + max, signature.name(), arguments);
  }

  private static String tooOld(String name, SqlVersion version) {
    return "function " + name + " needs awsIotSqlVersion 2016-03-23, not " + version.wireName();
  }
}
