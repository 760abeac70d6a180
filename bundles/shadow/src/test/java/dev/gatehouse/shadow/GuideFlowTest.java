package dev.gatehouse.shadow;

import static dev.gatehouse.shadow.Fixtures.json;
import static dev.gatehouse.shadow.House.BULB;
import static dev.gatehouse.shadow.House.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The light bulb of the guide's section Device Shadows Data Flow, message for message. */
final class GuideFlowTest {
  private final House house = new House();

  private void at(long second) {
    house.clock.advance(Duration.ofMillis(second * 1000 - house.clock.millis()));
  }

  @Test
  void theBulbTurnsFromRedToGreenAndIsDeleted() {
    at(1_469_564_492);
    house.ask("bulb", TOPIC + "update", "{'state': {'reported': {'color': 'red'}}}");
    assertThat(house.told("update/accepted"))
        .containsExactly(
            json(
                "{'state': {'reported': {'color': 'red'}},"
                    + " 'metadata': {'reported': {'color': {'timestamp': 1469564492}}},"
                    + " 'version': 1, 'timestamp': 1469564492}"));
    at(1_469_564_571);
    house.ask("app", TOPIC + "get", "");
    assertThat(house.told("get/accepted"))
        .containsExactly(
            json(
                "{'state': {'reported': {'color': 'red'}},"
                    + " 'metadata': {'reported': {'color': {'timestamp': 1469564492}}},"
                    + " 'version': 1, 'timestamp': 1469564571}"));
    at(1_469_564_658);
    house.ask("app", TOPIC + "update", "{'state': {'desired': {'color': 'green'}}}");
    assertThat(house.told("update/accepted").get(1))
        .isEqualTo(
            json(
                "{'state': {'desired': {'color': 'green'}},"
                    + " 'metadata': {'desired': {'color': {'timestamp': 1469564658}}},"
                    + " 'version': 2, 'timestamp': 1469564658}"));
    assertThat(house.told("update/delta"))
        .containsExactly(
            json(
                "{'version': 2, 'timestamp': 1469564658, 'state': {'color': 'green'},"
                    + " 'metadata': {'color': {'timestamp': 1469564658}}}"));
    at(1_469_564_801);
    house.ask(
        "bulb", TOPIC + "update", "{'state': {'reported': {'color': 'green'}, 'desired': null}}");
    assertThat(house.told("update/accepted").get(2))
        .isEqualTo(
            json(
                "{'state': {'reported': {'color': 'green'}, 'desired': null},"
                    + " 'metadata': {'reported': {'color': {'timestamp': 1469564801}},"
                    + " 'desired': {'timestamp': 1469564801}},"
                    + " 'version': 3, 'timestamp': 1469564801}"));
    assertThat(house.told("update/delta")).as("nothing differs any more").hasSize(1);
    at(1_469_564_864);
    assertThat(House.document(House.now(house.shadows.get(BULB))))
        .isEqualTo(
            json(
                "{'state': {'reported': {'color': 'green'}},"
                    + " 'metadata': {'reported': {'color': {'timestamp': 1469564801}}},"
                    + " 'version': 3, 'timestamp': 1469564864}"));
    at(1_469_564_968);
    house.ask("bulb", TOPIC + "delete", "");
    assertThat(house.told("delete/accepted"))
        .containsExactly(json("{'version': 3, 'timestamp': 1469564968}"));
  }
}
