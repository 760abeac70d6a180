package dev.gatehouse.shadow;

import java.time.Duration;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Validated settings of the shadows.
 *
 * @param maxLevels of objects and arrays within a section, 1 to 50
 * @param lifetime of a shadow that nobody updates or retrieves; zero: for ever
 */
record ShadowConfig(int maxLevels, Duration lifetime) {
  /** What the guide says (AWS IoT Limits: Device Shadow Limits). */
  static final ShadowConfig GUIDE = new ShadowConfig(5, Duration.ofDays(365));

  ShadowConfig {
    require("maxLevels", maxLevels, 1, 50);
    require("lifetimeDays", lifetime.toDays(), 0, 36_500);
  }

  static ShadowConfig from(Settings settings) {
    return new ShadowConfig(settings.maxLevels(), Duration.ofDays(settings.lifetimeDays()));
  }

  private static void require(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " is " + value + ", must be " + least + " to " + most);
    }
  }

  /** The configuration; a change restarts the service, shadows stay. */
  @ObjectClassDefinition(name = "Gatehouse shadows")
  @interface Settings {
    @AttributeDefinition(
        description =
            "Levels of objects and arrays within desired or reported, 1 to 50, default 5 (guide of"
                + " 2016); deeper requests are refused",
        min = "1",
        max = "50")
    int maxLevels() default 5;

    @AttributeDefinition(
        description =
            "Days after which a shadow that nobody updated or retrieved is deleted, 0 (never) to"
                + " 36500, default 365",
        min = "0",
        max = "36500")
    int lifetimeDays() default 365;
  }
}
