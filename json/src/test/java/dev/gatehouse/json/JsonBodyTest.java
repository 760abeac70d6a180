package dev.gatehouse.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.api.error.ServiceException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonBodyTest {
  private static JsonBody body(String json) {
    return Json.body(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void anEmptyBodyIsAnEmptyObject() {
    assertThat(body("").text("a")).isEmpty();
  }

  @Test
  void membersComeInTheirTypes() {
    JsonBody body = body("{\"t\":\"x\",\"n\":7,\"f\":true,\"o\":{\"k\":\"v\"},\"z\":null}");
    assertThat(body.requireText("t")).isEqualTo("x");
    assertThat(body.number("n")).contains(7L);
    assertThat(body.flag("f")).contains(true);
    assertThat(body.object("o").orElseThrow().texts()).containsEntry("k", "v");
    assertThat(body.text("z")).isEmpty();
  }

  @Test
  void aWrongTypeIsNamedWithItsPath() {
    assertThatThrownBy(() -> body("{\"o\":{\"k\":1}}").object("o").orElseThrow().texts())
        .isInstanceOf(ServiceException.class)
        .hasMessage("the member o.k must be a string, not number");
  }

  @Test
  void listsComeWithTheirElementsInOneType() {
    JsonBody body = body("{\"l\":[\"a\",\"b\"],\"o\":[{\"k\":\"v\"}],\"z\":null}");
    assertThat(body.list("l")).hasValueSatisfying(l -> assertThat(l).containsExactly("a", "b"));
    assertThat(body.list("z")).isEmpty();
    assertThat(body.objects("o")).singleElement().matches(o -> o.requireText("k").equals("v"));
    assertThat(body.objects("none")).isEmpty();
    assertThatThrownBy(() -> body.list("o"))
        .hasMessage("the member o must be a list of strings, not object");
    assertThatThrownBy(() -> body.objects("l"))
        .hasMessage("the member l must be a list of objects, not string");
    assertThatThrownBy(() -> body("{\"l\":\"a\"}").list("l"))
        .hasMessage("the member l must be a list, not string");
  }

  @Test
  void malformedJsonIsToldWithItsPosition() {
    assertThatThrownBy(() -> body("{\"a\": }")).hasMessageContaining("line 1, column 7");
    assertThatThrownBy(() -> body("{\"a\":1,\"a\":2}")).hasMessageContaining("Duplicate");
    assertThatThrownBy(() -> body("{} {}")).isInstanceOf(ServiceException.class);
    assertThatThrownBy(() -> body("[".repeat(5000))).isInstanceOf(ServiceException.class);
    assertThatThrownBy(() -> body("{\"a\":1e99999999999}")).isInstanceOf(ServiceException.class);
    assertThatThrownBy(() -> Json.body(new byte[] {0, 0, 0, '{', 0, 0x11, 0, 0}))
        .isInstanceOf(ServiceException.class);
    assertThatThrownBy(() -> body("[]")).hasMessageContaining("must be a JSON object");
  }

  @Test
  void storedValuesCarryTheirFormat() {
    byte[] value = Json.stored(1, Json.object().put("a", 1));
    assertThat(Json.restored(1, value).get("a").asInt()).isEqualTo(1);
    assertThatThrownBy(() -> Json.restored(2, value)).hasMessageContaining("format 1");
  }
}
