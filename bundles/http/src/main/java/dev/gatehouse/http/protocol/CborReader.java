package dev.gatehouse.http.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORParser;
import dev.gatehouse.api.error.ServiceException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/**
 * Makes JSON of CBOR (RFC 8949), item by item: byte strings become base64, times become seconds. Of
 * a body that is bad nothing is kept.
 */
final class CborReader {
  private static final int MAX_DEPTH = 100;
  private static final int TIME = 1; // RFC 8949, 3.4.2
  private static final JsonFactory JSON = new JsonFactory();
  private static final byte[] NOTHING = "{}".getBytes(StandardCharsets.US_ASCII);

  static final CBORFactory FACTORY =
      CBORFactory.builder()
          // Names are a client's to choose; interned ones would stay for good.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(400)
                  .build())
          .build();

  private CborReader() {}

  /**
   * The JSON of a CBOR item; an empty object of no bytes.
   *
   * @param ticksPerSecond the unit of times
   * @throws ServiceException SerializationException if it is malformed or too deep
   */
  static byte[] json(byte[] cbor, int ticksPerSecond, HeapCount memory) {
    if (cbor.length == 0) {
      return NOTHING;
    }
    CountedBytes out = new CountedBytes(memory);
    try (CBORParser parser = FACTORY.createParser(cbor);
        JsonGenerator json = JSON.createGenerator(out)) {
      int depth = 0;
      do {
        JsonToken token = parser.nextToken();
        if (token == null) {
          throw malformed("it ends too early");
        }
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        copy(parser, token, json, ticksPerSecond);
      } while (depth > 0);
      if (parser.nextToken() != null) {
        throw malformed("there are bytes behind it");
      }
    } catch (IOException | IllegalArgumentException | ArithmeticException e) {
      throw malformed(String.valueOf(e.getMessage()));
    }
    return out.toByteArray();
  }

  private static void copy(
      CBORParser parser, JsonToken token, JsonGenerator json, int ticksPerSecond)
      throws IOException {
    switch (token) {
      case FIELD_NAME -> json.writeFieldName(parser.currentName());
      case VALUE_STRING -> json.writeString(parser.getText());
      case VALUE_EMBEDDED_OBJECT -> json.writeBinary(parser.getBinaryValue());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
        if (parser.getCurrentTag() == TIME) {
          json.writeNumber(parser.getDecimalValue().divide(BigDecimal.valueOf(ticksPerSecond)));
        } else {
          json.copyCurrentEvent(parser);
        }
      }
      default -> json.copyCurrentEvent(parser);
    }
  }

  private static ServiceException malformed(String problem) {
    int end = problem.indexOf('\n'); // Jackson's own description of the place follows
    return new ServiceException(
        ErrorNames.SERIALIZATION,
        "the body is not CBOR: " + (end < 0 ? problem : problem.substring(0, end)));
  }

  /** Counts what it holds before it holds it. */
  private static final class CountedBytes extends ByteArrayOutputStream {
    private static final int STEP = 16 << 10;
    private final HeapCount memory;
    private long counted;

    CountedBytes(HeapCount memory) {
      this.memory = memory;
    }

    private void count(int more) {
      while (3L * (count + more) > counted) { // it doubles its array, and is copied once
        memory.take(STEP);
        counted += STEP;
      }
    }

    @Override
    public synchronized void write(int b) {
      count(1);
      super.write(b);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
      count(length);
      super.write(bytes, offset, length);
    }
  }
}
