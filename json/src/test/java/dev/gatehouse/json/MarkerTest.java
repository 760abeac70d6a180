package dev.gatehouse.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Principal;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarkerTest {
  private static final Marker THINGS = Marker.of("things", "");

  private static ApiRequest request(
      String account,
      Map<String, String> path,
      Map<String, String> query,
      Map<String, String> headers) {
    Account of = new Account(account, "us-east-1");
    return new ApiRequest(
        of,
        new Principal.Anonymous(of, "anybody"),
        path,
        query,
        headers,
        new byte[0],
        "127.0.0.1",
        "id",
        Instant.EPOCH);
  }

  private static Marker of(String name, Map<String, String> query) {
    return Marker.of(name, request("000000000000", Map.of(), query, Map.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "\u00e4\u4e2d", "a\0b", "~~~???>>>"})
  void aTokenGivesItsKeyAgainInBothFormsOfBase64(String key) {
    String token = THINGS.encode(key);
    assertThat(THINGS.decode("marker", token)).isEqualTo(key);
    assertThat(THINGS.decode("marker", token.replace("=", ""))).isEqualTo(key);
    String url = token.replace('+', '-').replace('/', '_');
    assertThat(THINGS.decode("marker", url)).isEqualTo(key);
    assertThat(THINGS.decode("marker", url.replace("=", ""))).isEqualTo(key);
  }

  @ParameterizedTest
  @ValueSource(strings = {"%%%", "a", "YQ==", "AAAAAAAA", "////////////////"})
  void aTextThatNoListGaveIsRefused(String marker) {
    assertThatThrownBy(() -> THINGS.decode("marker", marker))
        .isInstanceOf(ServiceException.class)
        .hasMessageContaining("marker '" + marker + "'");
  }

  @Test
  void aTokenIsGoodForItsOperationFiltersAndAccountOnly() {
    Marker red = of("things", Map.of("attributeValue", "red", "maxResults", "1"));
    String token = red.encode("k");
    assertThat(
            of("things", Map.of("attributeValue", "red", "nextToken", token))
                .decode("nextToken", token))
        .isEqualTo("k");
    for (Marker other :
        new Marker[] {
          of("things", Map.of()),
          of("things", Map.of("attributeValue", "blue")),
          of("things", Map.of("attributeName", "red")),
          of("policies", Map.of("attributeValue", "red")),
          Marker.of(
              "things",
              request("210987654321", Map.of(), Map.of("attributeValue", "red"), Map.of())),
          Marker.of(
              "things",
              request(
                  "000000000000",
                  Map.of("thingGroupName", "g"),
                  Map.of("attributeValue", "red"),
                  Map.of())),
          Marker.of(
              "things",
              request(
                  "000000000000",
                  Map.of(),
                  Map.of("attributeValue", "red"),
                  Map.of("x-amzn-principal", "p")))
        }) {
      assertThatThrownBy(() -> other.decode("nextToken", token))
          .isInstanceOf(ServiceException.class);
    }
  }

  @Test
  void aTokenOfOtherBytesIsRefused() {
    byte[] bytes = Base64.getDecoder().decode(THINGS.encode("key"));
    bytes[bytes.length - 1] = (byte) 0xff; // no UTF-8
    assertThatThrownBy(() -> THINGS.decode("marker", Base64.getEncoder().encodeToString(bytes)))
        .isInstanceOf(ServiceException.class);
  }
}
