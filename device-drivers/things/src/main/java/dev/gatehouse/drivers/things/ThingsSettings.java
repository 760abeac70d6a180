package dev.gatehouse.drivers.things;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.shadow.ShadowName;
import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** {@link ThingsConfig}, validated. */
record ThingsSettings(String deviceId, ShadowName shadow, Duration interval, BigDecimal deadband) {
  private static final String PID = "dev.gatehouse.drivers.things: ";

  static ThingsSettings of(Account account, ThingsConfig config) {
    String deviceId = required("deviceId", config.deviceId());
    String thingName = required("thingName", config.thingName());
    int seconds = config.intervalSeconds();
    if (seconds < 1 || seconds > 86_400) {
      throw new IllegalArgumentException(
          PID + "intervalSeconds is " + seconds + ", not 1 to 86400");
    }
    double deadband = config.deadband();
    if (!(deadband >= 0) || Double.isInfinite(deadband)) {
      throw new IllegalArgumentException(PID + "deadband is " + deadband + ", not 0 or more");
    }
    return new ThingsSettings(
        deviceId,
        new ShadowName(account, thingName, ""),
        Duration.ofSeconds(seconds),
        BigDecimal.valueOf(deadband));
  }

  /** The device and its thing, for the log. */
  String name() {
    return "device=" + deviceId + " thing=" + shadow.thingName();
  }

  private static String required(String name, @Nullable String value) {
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException(PID + name + " is not set");
    }
    return value;
  }
}
