package dev.gatehouse.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.api.error.ServiceException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarkerTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "thing", "é\0b", "~?/"})
  void aKeyComesBack(String key) {
    assertThat(Marker.decode("marker", Marker.encode(key))).isEqualTo(key);
  }

  @ParameterizedTest
  @ValueSource(strings = {"zzz", "z", "dGhpbmc", "dGhp bmc=", "/w==", "%"})
  void whatNoListHasGivenIsRefused(String marker) {
    assertThatThrownBy(() -> Marker.decode("marker", marker))
        .isInstanceOf(ServiceException.class)
        .hasMessage("marker '" + marker + "' was not given by a list");
  }
}
