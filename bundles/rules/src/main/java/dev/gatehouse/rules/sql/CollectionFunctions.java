package dev.gatehouse.rules.sql;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Functions of arrays, objects and of what is not there. */
final class CollectionFunctions {
  private static final int MAX_TRANSFORMED = 131_072;
  private static final Value ENRICH = new Value.Text("enrichArray");

  private CollectionFunctions() {}

  static void addTo(Map<String, Function> all) {
    all.put("get", (e, a) -> a.length == 2 ? get(e, a[0], a[1]) : Value.UNDEFINED);
    all.put("concat", CollectionFunctions::concat);
    all.put("isnull", (e, a) -> Value.Bool.of(a.length == 1 && a[0] instanceof Value.Null));
    all.put(
        "isundefined", (e, a) -> Value.Bool.of(a.length == 1 && a[0] instanceof Value.Undefined));
    all.put("nanvl", (e, a) -> a.length == 2 ? firstNumber(a) : Value.UNDEFINED);
    all.put("transform", (e, a) -> a.length == 3 ? transform(e, a) : Value.UNDEFINED);
  }

  private static Value get(Evaluation evaluation, Value of, Value key) {
    if (of instanceof Value.Members) {
      return key instanceof Value.Text name ? Evaluation.member(of, name.value()) : Value.UNDEFINED;
    }
    if (!(Convert.integer(key) instanceof Value.Int index) || index.value() < 0) {
      return Value.UNDEFINED;
    }
    if (of instanceof Value.Array array && index.value() < array.items().size()) {
      return array.items().get((int) index.value());
    }
    return of instanceof Value.Text text && index.value() < text.value().length()
        ? character(evaluation, text.value(), (int) index.value())
        : Value.UNDEFINED;
  }

  private static Value character(Evaluation evaluation, String text, int index) {
    int at = Pairs.offset(text, index);
    if (at == text.length()) {
      return Value.UNDEFINED;
    }
    evaluation.buildText(2);
    return new Value.Text(text.substring(at, Pairs.after(text, at)));
  }

  private static Value firstNumber(Value[] arguments) {
    return arguments[0] instanceof Value.Undefined || arguments[0] instanceof Value.Null
        ? arguments[1]
        : arguments[0];
  }

  private static Value concat(Evaluation evaluation, Value[] arguments) {
    if (arguments.length <= 1) {
      return arguments.length == 0 ? Value.UNDEFINED : arguments[0];
    }
    for (Value argument : arguments) {
      if (argument instanceof Value.Array) {
        return splice(evaluation, arguments);
      }
    }
    PaidText joined = new PaidText(evaluation);
    boolean text = false;
    for (Value argument : arguments) {
      String part = Convert.text(argument, evaluation);
      if (part == null) {
        return Value.UNDEFINED;
      }
      text |= argument instanceof Value.Text;
      joined.append(part, 0, part.length());
    }
    return text ? new Value.Text(joined.toString()) : Value.UNDEFINED;
  }

  private static Value splice(Evaluation evaluation, Value[] arguments) {
    long size = 0;
    for (Value argument : arguments) {
      size += argument instanceof Value.Array array ? array.items().size() : 1;
    }
    evaluation.spend(size);
    evaluation.build(JsonReader.ARRAY_BYTES + JsonReader.ITEM_BYTES * size);
    List<Value> items = new ArrayList<>((int) size);
    for (Value argument : arguments) {
      if (argument instanceof Value.Array array) {
        items.addAll(array.items());
      } else {
        items.add(argument);
      }
    }
    return new Value.Array(items);
  }

  private static Value transform(Evaluation evaluation, Value[] arguments) {
    if (!arguments[0].equals(ENRICH)
        || !(arguments[1] instanceof Value.Members extra)
        || !(arguments[2] instanceof Value.Array array)) {
      return Value.UNDEFINED;
    }
    evaluation.build(JsonReader.ARRAY_BYTES + (long) JsonReader.ITEM_BYTES * array.items().size());
    List<Value> items = new ArrayList<>(array.items().size());
    for (Value item : array.items()) {
      if (!(item instanceof Value.Members object)) {
        return Value.UNDEFINED;
      }
      int size = object.members().size() + extra.members().size();
      evaluation.spend(size + 1L);
      evaluation.build(JsonReader.OBJECT_BYTES + (long) JsonReader.MEMBER_BYTES * size);
      Map<String, Value> members = new LinkedHashMap<>(object.members());
      members.putAll(extra.members());
      items.add(new Value.Members(members));
    }
    Value result = new Value.Array(items);
    if (Json.bytes(result, evaluation).length > MAX_TRANSFORMED) {
      throw new EvaluationException("transform makes more than " + MAX_TRANSFORMED + " bytes");
    }
    return result;
  }
}
