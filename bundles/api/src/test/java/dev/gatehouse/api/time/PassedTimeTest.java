package dev.gatehouse.api.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class PassedTimeTest {
  private static final Instant NOW = Instant.parse("2027-03-01T12:00:00Z");
  private static final Instant EPOCH = Instant.EPOCH;
  private static final Duration YEAR = Duration.ofDays(365);

  /** A clock on the wall, and one that knows how long it has run. */
  private static final class TwoClocks extends Clock implements ElapsedTime {
    private Instant wall;
    private Duration running = Duration.ofHours(5);

    TwoClocks(Instant wall) {
      this.wall = wall;
    }

    void pass(Duration time) {
      wall = wall.plus(time);
      running = running.plus(time);
    }

    void set(Instant time) {
      wall = time;
    }

    @Override
    public Instant instant() {
      return wall;
    }

    @Override
    public long elapsedNanos() {
      return running.toNanos();
    }

    @Override
    public Instant plausibleFrom() {
      return PassedTime.RELEASE;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException("a clock in UTC");
    }
  }

  private static Duration since(PassedTime passed, Instant stamp) {
    return Duration.ofMillis(passed.sinceMillis(stamp.toEpochMilli()));
  }

  @Test
  void withoutJumpsItIsTheDifference() {
    TwoClocks clock = new TwoClocks(NOW);
    PassedTime passed = PassedTime.of(clock);
    clock.pass(Duration.ofMinutes(3));
    assertThat(since(passed, NOW)).isEqualTo(Duration.ofMinutes(3));
    assertThat(since(passed, NOW.minus(YEAR.minusDays(300))))
        .isEqualTo(YEAR.minusDays(300).plusMinutes(3));
    assertThat(since(passed, NOW.plus(YEAR))).isEqualTo(Duration.ofMinutes(3));
  }

  @Test
  void aBootIn1970MakesNothingOldWhenTheClockIsSet() {
    TwoClocks clock = new TwoClocks(EPOCH);
    PassedTime passed = PassedTime.of(clock);
    Instant yesterday = NOW.minus(Duration.ofDays(1));
    assertThat(since(passed, yesterday)).isZero();
    clock.pass(Duration.ofMinutes(10));
    Instant made = clock.instant();
    clock.pass(Duration.ofMinutes(5));
    clock.set(NOW);
    assertThat(since(passed, made)).isEqualTo(Duration.ofMinutes(5));
    clock.pass(Duration.ofMinutes(1));
    assertThat(since(passed, made)).isEqualTo(Duration.ofMinutes(6));
    assertThat(since(passed, NOW)).isEqualTo(Duration.ofMinutes(1));
    assertThat(since(passed, yesterday)).isEqualTo(Duration.ofMinutes(16));
  }

  @Test
  void aYearBehindInBetweenMakesNothingOld() {
    TwoClocks clock = new TwoClocks(NOW);
    PassedTime passed = PassedTime.of(clock);
    clock.pass(Duration.ofHours(1));
    Instant before = clock.instant();
    clock.set(before.minus(YEAR));
    assertThat(since(passed, before)).isZero();
    clock.pass(Duration.ofHours(2));
    Instant behind = clock.instant();
    assertThat(since(passed, before)).isEqualTo(Duration.ofHours(2));
    clock.pass(Duration.ofHours(1));
    clock.set(before.plus(Duration.ofHours(3)));
    assertThat(since(passed, behind)).isEqualTo(Duration.ofHours(1));
    assertThat(since(passed, before)).isEqualTo(Duration.ofHours(3));
    assertThat(since(passed, NOW)).isEqualTo(Duration.ofHours(4));
  }

  @Test
  void stampsThatNoCorrectClockShowsAreAsOldAsTheProcess() {
    TwoClocks clock = new TwoClocks(NOW);
    PassedTime passed = PassedTime.of(clock);
    assertThat(since(passed, EPOCH.plusSeconds(500))).isZero();
    clock.pass(Duration.ofMinutes(20));
    assertThat(since(passed, EPOCH.plusSeconds(500))).isEqualTo(Duration.ofMinutes(20));
  }

  @Test
  void aClockThatDriftsIsFollowedWithoutAJump() {
    TwoClocks clock = new TwoClocks(NOW);
    PassedTime passed = PassedTime.of(clock);
    for (int i = 0; i < 1000; i++) {
      clock.pass(Duration.ofMinutes(15));
      clock.set(clock.instant().plusMillis(500));
      passed.sinceMillis(0);
    }
    Instant stamp = clock.instant();
    clock.pass(Duration.ofMinutes(7));
    assertThat(since(passed, stamp)).isEqualTo(Duration.ofMinutes(7));
    assertThat(since(passed, NOW)).isCloseTo(Duration.ofMinutes(15_007), Duration.ofMinutes(1));
  }

  @Test
  void manyJumpsAreBoundedAndTheTimeBeforeTheProcessIsKept() {
    TwoClocks clock = new TwoClocks(NOW);
    PassedTime passed = PassedTime.of(clock);
    for (int i = 0; i < 200; i++) {
      clock.pass(Duration.ofMinutes(1));
      clock.set(NOW.plus(YEAR.multipliedBy(i % 7 + 1L)));
      passed.sinceMillis(0);
    }
    assertThat(since(passed, NOW.minus(Duration.ofDays(1))))
        .isEqualTo(Duration.ofDays(1).plusMinutes(200));
  }

  @Test
  void aClockThatSaysNoMoreIsBelieved() {
    Clock fixed = Clock.fixed(EPOCH.plusSeconds(1000), ZoneOffset.UTC);
    assertThat(since(PassedTime.of(fixed), EPOCH)).isEqualTo(Duration.ofSeconds(1000));
    assertThat(PassedTime.of(Clock.systemUTC())).isSameAs(PassedTime.of(Clock.systemUTC()));
  }
}
