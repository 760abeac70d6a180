package dev.gatehouse.api.tag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Arn;
import dev.gatehouse.api.store.Batch;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TagsTest {
  private static final Account ACCOUNT = new Account("123456789012", "us-east-1");
  private static final Arn POLICY = ACCOUNT.arn("iot", "policy/p");

  private static void refused(ErrorCode code, Map<String, String> values) {
    assertThatThrownBy(() -> new Tags(values))
        .isInstanceOfSatisfying(ServiceException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private static Map<String, String> many(int count) {
    Map<String, String> many = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      many.put("k" + i, "v");
    }
    return many;
  }

  @Test
  void thereAreLimits() {
    assertThat(new Tags(many(50)).values()).hasSize(50);
    refused(ErrorCode.LIMIT_EXCEEDED, many(51));
    assertThat(new Tags(Map.of("k".repeat(128), "v".repeat(256))).values()).hasSize(1);
    refused(ErrorCode.INVALID_REQUEST, Map.of("k".repeat(129), ""));
    refused(ErrorCode.INVALID_REQUEST, Map.of("k", "v".repeat(257)));
    refused(ErrorCode.INVALID_REQUEST, Map.of("k", "a\0b"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "aws:room", "AWS:room", "a#b", "a\tb"})
  void keysThatCanNotBeAreRefused(String key) {
    refused(ErrorCode.INVALID_REQUEST, Map.of(key, "v"));
  }

  @Test
  void aRowReadsAsItWasWritten() {
    for (Tags tags :
        List.of(
            new Tags(
                Map.of("room", "caf\u00e9 \"1\"\n", "empty", "", "a b_.:/=+-@\u00fc", "x=y&z")),
            new Tags(many(50)))) {
      Batch batch = new Batch();
      tags.put(batch, ACCOUNT, POLICY);
      assertThat(batch.changes())
          .singleElement()
          .isInstanceOfSatisfying(
              Batch.Put.class,
              put -> {
                assertThat(put.table()).isEqualTo(Tags.TABLE);
                assertThat(put.key()).isEqualTo(Tags.key(ACCOUNT, POLICY));
                assertThat(Tags.restored(put.value())).isEqualTo(tags);
              });
    }
    assertThatThrownBy(() -> Tags.restored(new byte[] {9}))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void noTagsLeaveNoRow() {
    Batch batch = new Batch();
    Tags.NONE.put(batch, ACCOUNT, POLICY);
    assertThat(batch.changes()).singleElement().isInstanceOf(Batch.Delete.class);
  }

  @Test
  void othersAreAddedAndTaken() {
    Tags tags = new Tags(Map.of("a", "1", "b", "2"));
    assertThat(tags.plus(new Tags(Map.of("b", "3", "c", "4"))).values())
        .isEqualTo(Map.of("a", "1", "b", "3", "c", "4"));
    assertThat(tags.minus(List.of("a", "none")).values()).isEqualTo(Map.of("b", "2"));
  }

  @Test
  void aQueryIsRead() {
    assertThat(Tags.ofQuery("")).isEqualTo(Tags.NONE);
    assertThat(Tags.ofQuery("room=hall+way&x%3Dy=%C3%A9&flag").values())
        .isEqualTo(Map.of("room", "hall way", "x=y", "\u00e9", "flag", ""));
    for (String bad : List.of("a=1&a=2", "=1", "a=%zz", "a=1&&b=2")) {
      assertThatThrownBy(() -> Tags.ofQuery(bad))
          .as(bad)
          .isInstanceOfSatisfying(
              ServiceException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST));
    }
  }
}
