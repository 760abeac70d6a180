package dev.gatehouse.shadow;

import static dev.gatehouse.shadow.Fixtures.bytes;
import static dev.gatehouse.shadow.House.ACCOUNT;
import static dev.gatehouse.shadow.House.BULB;
import static dev.gatehouse.shadow.House.now;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.shadow.ShadowName;
import dev.gatehouse.api.shadow.ShadowResult;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A shadow that nobody updates or retrieves for more than a year is deleted. */
final class ShadowExpiryTest {
  private final House house = new House();

  private boolean isThere() {
    return now(house.shadows.get(BULB)) instanceof ShadowResult.Accepted;
  }

  private long rows() {
    return house.store.table("shadow.documents").size();
  }

  @Test
  void aYearIsNotTooLong() {
    house.update("{'state': {}}");
    house.clock.advance(Duration.ofDays(365));
    assertThat(isThere()).isTrue();
  }

  @Test
  void moreThanAYearIs() {
    house.update("{'state': {}}");
    house.update("{'state': {}}");
    house.clock.advance(Duration.ofDays(366).plusSeconds(1));
    assertThat(now(house.shadows.delete(BULB))).isInstanceOf(ShadowResult.Rejected.class);
    assertThat(isThere()).isFalse();
    assertThat(house.accepted("{'state': {}}").get("version").asLong()).isEqualTo(1);
    assertThat(house.told("update/documents").get(2).get("previous").isNull()).isTrue();
  }

  @Test
  void retrievingItKeepsItAsUpdatingDoes() {
    house.update("{'state': {}}");
    for (int i = 0; i < 3; i++) {
      house.clock.advance(Duration.ofDays(300));
      assertThat(isThere()).as("after %d days", (i + 1) * 300).isTrue();
    }
    house.clock.advance(Duration.ofDays(300));
    assertThat(house.accepted("{'state': {}}").get("version").asLong()).isEqualTo(2);
  }

  @Test
  void aGetGoesOnWhenItsUseCanNotBeWritten() {
    house.update("{'state': {}}");
    house.clock.advance(Duration.ofDays(300));
    house.store.failWith("disk full");
    assertThat(isThere()).isTrue();
  }

  @Test
  void aGetWritesNothingIfTheLastUseIsOfTheSameDay() {
    house.update("{'state': {}}");
    long before = house.store.status().sequence();
    house.clock.advance(Duration.ofHours(24));
    assertThat(isThere()).isTrue();
    assertThat(house.store.status().sequence()).isEqualTo(before);
  }

  @Test
  void aRoundRemovesWhatIsGoneAndNothingElse() {
    for (int i = 0; i < 230; i++) {
      now(house.shadows.update(new ShadowName(ACCOUNT, "thing" + i, ""), bytes("{'state': {}}")));
    }
    now(house.shadows.delete(new ShadowName(ACCOUNT, "thing7", "")));
    house.shadows.expire();
    assertThat(rows()).isEqualTo(230);
    house.clock.advance(Duration.ofHours(49));
    house.shadows.expire();
    assertThat(rows()).as("without the version of the deleted one").isEqualTo(229);
    house.clock.advance(Duration.ofDays(300));
    house.update("{'state': {}}");
    house.clock.advance(Duration.ofDays(100));
    house.shadows.expire();
    assertThat(rows()).isEqualTo(1);
    assertThat(isThere()).isTrue();
    assertThat(house.shadows.metrics().toString()).contains("shadow_expired_total");
  }

  @Test
  void aRoundThatCanNotWriteRemovesNothing() {
    house.update("{'state': {}}");
    house.clock.advance(Duration.ofDays(400));
    house.store.failWith("disk full");
    house.shadows.expire();
    house.store.failWith(null);
    assertThat(rows()).isEqualTo(1);
    house.shadows.expire();
    assertThat(rows()).isZero();
  }

  @Test
  void whatIsGoneIsNotListed() {
    now(house.shadows.update(new ShadowName(ACCOUNT, "bulb", "old"), bytes("{'state': {}}")));
    house.clock.advance(Duration.ofDays(300));
    now(house.shadows.update(new ShadowName(ACCOUNT, "bulb", "young"), bytes("{'state': {}}")));
    house.clock.advance(Duration.ofDays(100));
    assertThat(house.shadows.names(ACCOUNT, "bulb", "", 10)).isEqualTo(List.of("young"));
  }

  @Test
  void aLifetimeOfZeroIsForEver() {
    Shadows shadows =
        new Shadows(
            house.store,
            house.bus,
            house.memory,
            new ShadowSettings(5, Duration.ZERO),
            house.clock);
    now(shadows.update(BULB, bytes("{'state': {}}")));
    house.clock.advance(Duration.ofDays(40_000));
    assertThat(now(shadows.get(BULB))).isInstanceOf(ShadowResult.Accepted.class);
  }
}
