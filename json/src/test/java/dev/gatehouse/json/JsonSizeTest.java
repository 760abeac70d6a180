package dev.gatehouse.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonSizeTest {
  private static final String NEST = "{\"\":".repeat(90) + "0" + "}".repeat(90);
  private static final String ARRAYS = "[".repeat(90) + "0" + "]".repeat(90);

  private static byte[] repeated(String item, int times) {
    String text = "[" + String.join(",", Collections.nCopies(times, item)) + "]";
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The least that the JVM takes: object headers and references, without any spare capacity. */
  private static long leastHeap(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> {
        long sum = 24 + 56;
        for (Map.Entry<String, JsonNode> member : node.properties()) {
          sum += 40 + 40 + member.getKey().length() + leastHeap(member.getValue());
        }
        yield sum + (node.isEmpty() ? 0 : 80);
      }
      case ARRAY -> {
        long sum = 24 + 24;
        for (JsonNode element : node) {
          sum += 4 + leastHeap(element);
        }
        yield sum + (node.isEmpty() ? 0 : 16);
      }
      case STRING -> node.textValue().isEmpty() ? 0 : 16 + 24 + 16 + node.textValue().length();
      case NUMBER -> node.isBigDecimal() ? 56 : node.intValue() < 11 ? 0 : 16;
      default -> 0;
    };
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"\":0}",
        "[]",
        "[0]",
        "0",
        "11",
        "1e1",
        "0.5",
        "\"\"",
        "\"a\"",
        "\"abcdefgh\"",
        "{\"a\":1,\"b\":2,\"c\":3}",
        "\"\\u4e2d\\u4e2d\"",
        "\"\u00e4\u4e2d\"",
        "12345678901234567890",
        "\"a\\\"b\"",
        "true",
        "null"
      })
  void theBoundIsAboveTheHeapOfTheTree(String item) throws Exception {
    byte[] json = repeated(item, 1000);
    assertThat(JsonSize.treeBytes(json)).isGreaterThanOrEqualTo(leastHeap(Json.parse(json)));
  }

  @Test
  void deepTreesCostMoreThanTheirText() throws Exception {
    for (String deep : new String[] {NEST, ARRAYS}) {
      byte[] json = repeated(deep, 100);
      assertThat(JsonSize.treeBytes(json))
          .isGreaterThan(30L * json.length)
          .isGreaterThanOrEqualTo(leastHeap(Json.parse(json)));
    }
  }

  @Test
  void anOrdinaryBodyIsCheap() {
    byte[] json =
        """
        {"state":{"desired":{"color":"RED","level":12,"on":true}},"clientToken":"abc"}
        """
            .getBytes(StandardCharsets.UTF_8);
    assertThat(JsonSize.treeBytes(json)).isLessThan(25L * json.length);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\"", "\"\\", "{\"", "[[[[", "\"\\u", "}{", "-", "1.", "\u0000"})
  void aTextThatIsNoJsonHasABoundToo(String text) {
    byte[] json = text.getBytes(StandardCharsets.UTF_8);
    assertThat(JsonSize.treeBytes(json)).isBetween(0L, 128L * json.length);
  }
}
