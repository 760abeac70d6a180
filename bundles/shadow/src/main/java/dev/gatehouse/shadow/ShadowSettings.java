package dev.gatehouse.shadow;

import java.time.Duration;

/**
 * {@link ShadowConfig}, validated.
 *
 * @param maxLevels of objects and arrays within a section, 1 to 50
 * @param lifetime of a shadow that nobody updates or retrieves; zero: for ever
 */
record ShadowSettings(int maxLevels, Duration lifetime) {
  /** The limits of the guide (AWS IoT Limits: Device Shadow Limits). */
  static final ShadowSettings GUIDE = new ShadowSettings(5, Duration.ofDays(365));

  ShadowSettings {
    within("maxLevels", maxLevels, 1, 50);
    within("lifetimeDays", lifetime.toDays(), 0, 36_500);
  }

  static ShadowSettings of(ShadowConfig config) {
    return new ShadowSettings(config.maxLevels(), Duration.ofDays(config.lifetimeDays()));
  }

  private static void within(String name, long value, long lowest, long highest) {
    if (value < lowest || value > highest) {
      throw new IllegalArgumentException(
          "dev.gatehouse.shadow: %s is %d, not %d to %d".formatted(name, value, lowest, highest));
    }
  }
}
