package dev.gatehouse.rules.sql;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.gatehouse.api.message.MessageProperties;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {
  private static final JsonFactory JACKSON = new JsonFactory();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{,}",
        "[1,]",
        "[,]",
        "[1 2]",
        "01",
        "-",
        "-01",
        "1.",
        ".5",
        "+1",
        "1e",
        "1e+",
        "0x1",
        "tru",
        "truex",
        "nul",
        "'a'",
        "\"a",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"\n\"",
        "{a:1}",
        "1 2",
        "[1]]",
        "{\"a\":1}}",
        "NaN",
        "Infinity",
        "// x",
        "[\u00a01]"
      })
  void whatIsNotJsonIsNotRead(String text) {
    assertThat(JsonReader.read(text.getBytes(UTF_8), evaluation(false))).as(text).isNull();
    assertThat(members("{\"skipped\":" + text + "}", "a")).as(text).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u00c0\u0080",
        "\u00ed\u00a0\u0080",
        "\u00f4\u0090\u0080\u0080",
        "\u0080",
        "\u00c3",
        "\u00ff"
      })
  void malformedUtf8IsNotJson(String latin) {
    byte[] json = ("\"" + latin + "\"").getBytes(ISO_8859_1);
    assertThat(JsonReader.read(json, evaluation(false))).isNull();
    byte[] nested = ("{\"s\":[\"" + latin + "\"]}").getBytes(ISO_8859_1);
    assertThat(JsonReader.readMembers(nested, evaluation(false), names("a"), new Value[1]))
        .isFalse();
  }

  @Test
  void nestingIsBounded() {
    assertThat(
            JsonReader.read(("[".repeat(200) + "]".repeat(200)).getBytes(UTF_8), evaluation(false)))
        .isNotNull();
    assertThat(JsonReader.read("[".repeat(100_000).getBytes(UTF_8), evaluation(false))).isNull();
    assertThat(members("{\"a\":" + "[".repeat(100_000), "b")).isNull();
    assertThat(JsonReader.read("1".repeat(1_001).getBytes(UTF_8), evaluation(false))).isNull();
  }

  @Test
  void onlyWantedMembersAreReadAndTheLastCounts() {
    String json =
        "{\"x\":[{\"a\":1,\"\\u0061\":2}],\"a\":1,\"b\":\"\\u20ac\u20ac\",\"a\":3,\"c\":null}";
    assertThat(members(json, "a", "b", "c", "d"))
        .containsExactly(
            new Value.Int(3), new Value.Text("\u20ac\u20ac"), Value.NULL, Value.UNDEFINED);
    assertThat(members("{\"\\u0061\":1}", "a")).containsExactly(new Value.Int(1));
    assertThat(members("[1]", "a")).containsExactly(Value.UNDEFINED);
    assertThat(members("{}", "a")).containsExactly(Value.UNDEFINED);
  }

  @Test
  void numbersKeepTheirDigits() {
    assertThat(JsonReader.read("1.50".getBytes(UTF_8), evaluation(true)))
        .isEqualTo(new Value.Decimal(new BigDecimal("1.50")));
    assertThat(JsonReader.read("10.0".getBytes(UTF_8), evaluation(true)))
        .isEqualTo(new Value.Int(10));
    assertThat(JsonReader.read("10.0".getBytes(UTF_8), evaluation(false)))
        .isEqualTo(new Value.Decimal(new BigDecimal("10.0")));
    assertThat(JsonReader.read("-0".getBytes(UTF_8), evaluation(false)))
        .isEqualTo(new Value.Int(0));
    assertThat(JsonReader.read("1E9999999999".getBytes(UTF_8), evaluation(false))).isNull();
  }

  @Test
  void readsAsAnotherReaderAndWritesWhatThatReads() throws IOException {
    Random random = new Random(7);
    for (int i = 0; i < 30_000; i++) {
      StringBuilder json = new StringBuilder();
      document(random, json, 0);
      if (random.nextInt(3) == 0) {
        int place = random.nextInt(json.length());
        json.setCharAt(place, "{}[],:\"\\ 0-.t\u00e9".charAt(random.nextInt(14)));
      }
      byte[] bytes = json.toString().getBytes(UTF_8);
      Value value = JsonReader.read(bytes, evaluation(false));
      Object expected = jackson(bytes);
      assertThat(plain(value)).as(json.toString()).isEqualTo(expected);
      assertThat(JsonReader.readMembers(bytes, evaluation(false), names("a"), new Value[1]))
          .as(json.toString())
          .isEqualTo(value != null);
      if (value != null) {
        assertThat(jackson(Json.bytes(value, evaluation(false))))
            .as(json.toString())
            .isEqualTo(expected);
      }
    }
  }

  private static void document(Random random, StringBuilder to, int depth) {
    switch (random.nextInt(depth > 4 ? 5 : 8)) {
      case 0 -> to.append(random.nextInt(2_000) - 1_000);
      case 1 -> to.append(random.nextInt(100)).append('.').append(random.nextInt(1_000_000));
      case 2 -> to.append(random.nextLong()).append(random.nextBoolean() ? "9" : "e3");
      case 3 -> to.append(List.of("true", "false", "null").get(random.nextInt(3)));
      case 4 -> text(random, to);
      case 5 -> {
        to.append('[');
        for (int i = random.nextInt(4); i > 0; i--) {
          document(random, to, depth + 1);
          to.append(i > 1 ? " , " : "");
        }
        to.append(']');
      }
      default -> {
        to.append('{');
        for (int i = random.nextInt(4); i > 0; i--) {
          text(random, to);
          to.append(" :\t");
          document(random, to, depth + 1);
          to.append(i > 1 ? ",\n" : "");
        }
        to.append('}');
      }
    }
  }

  private static void text(Random random, StringBuilder to) {
    to.append('"');
    List<String> parts =
        List.of("a", "b", "\u20ac", "\ud83d\ude00", "\\n", "\\u00e9", "\\\"", "\\/", " ");
    for (int i = random.nextInt(4); i > 0; i--) {
      to.append(parts.get(random.nextInt(parts.size())));
    }
    to.append('"');
  }

  /** Lists, maps, strings, numbers as BigDecimal; "not JSON" if it is none. */
  private static Object jackson(byte[] bytes) {
    try (JsonParser parser = JACKSON.createParser(new String(bytes, UTF_8))) {
      if (parser.nextToken() == null) {
        return "not JSON";
      }
      Object value = jackson(parser);
      return parser.nextToken() == null ? value : "not JSON";
    } catch (IOException e) {
      return "not JSON";
    }
  }

  private static Object jackson(JsonParser parser) throws IOException {
    switch (parser.currentToken()) {
      case START_ARRAY -> {
        List<Object> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          items.add(jackson(parser));
        }
        return items;
      }
      case START_OBJECT -> {
        Map<String, Object> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          members.put(name, jackson(parser));
        }
        return members;
      }
      case VALUE_STRING -> {
        return "text " + parser.getText();
      }
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
        return parser.getDecimalValue().stripTrailingZeros();
      }
      default -> {
        return parser.getText();
      }
    }
  }

  private static Object plain(Value value) {
    if (value instanceof Value.Array array) {
      return array.items().stream().map(JsonReaderTest::plain).toList();
    } else if (value instanceof Value.Members object) {
      Map<String, Object> members = new LinkedHashMap<>();
      object.members().forEach((name, member) -> members.put(name, plain(member)));
      return members;
    } else if (value instanceof Value.Text text) {
      return "text " + text.value();
    } else if (value instanceof Value.Numeric number) {
      return number.decimal().stripTrailingZeros();
    } else if (value instanceof Value.Bool bool) {
      return Boolean.toString(bool.value());
    }
    return value == null ? "not JSON" : "null";
  }

  private static Evaluation evaluation(boolean wholeAsInt) {
    MessageContext context =
        new MessageContext("1", "t", null, "p", null, "t1", MessageProperties.NONE, 0);
    SqlVersion version = wholeAsInt ? SqlVersion.V2016_03_23 : SqlVersion.V2015_10_08;
    return new Evaluation(new byte[0], context, ExternalFunctions.NONE, version, null, 0, null);
  }

  private static List<Value> members(String json, String... wanted) {
    Value[] into = new Value[wanted.length];
    Arrays.fill(into, Value.UNDEFINED);
    return JsonReader.readMembers(json.getBytes(UTF_8), evaluation(true), names(wanted), into)
        ? List.of(into)
        : null;
  }

  private static RootNames names(String... wanted) {
    RootNames names = new RootNames();
    for (String name : wanted) {
      names.place(name);
    }
    return names;
  }
}
