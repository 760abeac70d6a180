package dev.gatehouse.rules.sql;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Values from and to JSON. Nesting is limited to 200 levels, beyond it is not JSON to us. */
public final class Json {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(200).build())
          .build();

  private Json() {}

  /** Reads a whole document; null if it is not JSON. */
  public static @Nullable Value parse(byte[] bytes) {
    return parse(bytes, null, false);
  }

  /**
   * Reads a whole document.
   *
   * @param wanted members of the root that matter; null: all
   * @param wholeAsInt whether {@code 10.0} is an Int
   * @return null if it is not JSON
   */
  static @Nullable Value parse(byte[] bytes, @Nullable Set<String> wanted, boolean wholeAsInt) {
    try (JsonParser parser = FACTORY.createParser(bytes)) {
      if (parser.nextToken() == null) {
        return null;
      }
      Value value = read(parser, wanted, wholeAsInt);
      return parser.nextToken() == null ? value : null;
    } catch (IOException | NumberFormatException notJson) {
      return null;
    }
  }

  private static Value read(JsonParser parser, @Nullable Set<String> wanted, boolean wholeAsInt)
      throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> readMembers(parser, wanted, wholeAsInt);
      case START_ARRAY -> {
        List<Value> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          items.add(read(parser, null, wholeAsInt));
        }
        yield new Value.Array(items);
      }
      case VALUE_STRING -> new Value.Text(parser.getText());
      case VALUE_NUMBER_INT ->
          parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? Numbers.integer(parser.getBigIntegerValue())
              : new Value.Int(parser.getLongValue());
      case VALUE_NUMBER_FLOAT -> {
        Value number = Numbers.written(parser.getDecimalValue());
        yield wholeAsInt ? Numbers.wholeAsInt(number) : number;
      }
      case VALUE_TRUE -> Value.Bool.TRUE;
      case VALUE_FALSE -> Value.Bool.FALSE;
      case VALUE_NULL -> Value.NULL;
      default -> throw new IOException("unexpected token");
    };
  }

  private static Value readMembers(
      JsonParser parser, @Nullable Set<String> wanted, boolean wholeAsInt) throws IOException {
    Map<String, Value> members = new LinkedHashMap<>();
    String name = parser.nextFieldName();
    while (name != null) {
      parser.nextToken();
      if (wanted == null || wanted.contains(name)) {
        members.put(name, read(parser, null, wholeAsInt));
      } else {
        parser.skipChildren();
      }
      name = parser.nextFieldName();
    }
    return new Value.Members(members);
  }

  /** UTF-8 JSON without blanks; Undefined members are left out, alone it is no bytes. */
  public static byte[] bytes(Value value) {
    if (value instanceof Value.Undefined) {
      return new byte[0];
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(128);
    try (JsonGenerator generator = FACTORY.createGenerator(out)) {
      write(generator, value);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return out.toByteArray();
  }

  /** The same as a text. */
  public static String text(Value value) {
    if (value instanceof Value.Undefined) {
      return "";
    }
    StringWriter out = new StringWriter();
    try (JsonGenerator generator = FACTORY.createGenerator(out)) {
      write(generator, value);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return out.toString();
  }

  private static void write(JsonGenerator out, Value value) throws IOException {
    if (value instanceof Value.Text text) {
      out.writeString(text.value());
    } else if (value instanceof Value.Int number) {
      out.writeNumber(number.value());
    } else if (value instanceof Value.Numeric number) {
      out.writeNumber(number.decimal().toString());
    } else if (value instanceof Value.Bool bool) {
      out.writeBoolean(bool.value());
    } else if (value instanceof Value.Members object) {
      out.writeStartObject();
      for (Map.Entry<String, Value> member : object.members().entrySet()) {
        if (!(member.getValue() instanceof Value.Undefined)) {
          out.writeFieldName(member.getKey());
          write(out, member.getValue());
        }
      }
      out.writeEndObject();
    } else if (value instanceof Value.Array array) {
      out.writeStartArray();
      for (Value item : array.items()) {
        if (!(item instanceof Value.Undefined)) {
          write(out, item);
        }
      }
      out.writeEndArray();
    } else {
      out.writeNull();
    }
  }
}
