package dev.gatehouse.rules.sql;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;
import java.util.Map;

/** Dates as texts and back. */
final class TimeFunctions {
  private TimeFunctions() {}

  static void addTo(Map<String, Function> all) {
    all.put("parse_time", (e, a) -> a.length == 2 || a.length == 3 ? format(a) : Value.UNDEFINED);
    all.put("time_to_epoch", (e, a) -> a.length == 2 ? parse(a) : Value.UNDEFINED);
  }

  private static Value format(Value[] arguments) {
    String pattern = Convert.text(arguments[0]);
    String zone = arguments.length == 3 ? Convert.text(arguments[2]) : "UTC";
    if (pattern == null
        || zone == null
        || !(Convert.integer(arguments[1]) instanceof Value.Int millis)) {
      return Value.UNDEFINED;
    }
    try {
      return new Value.Text(
          JodaPattern.formatter(pattern)
              .format(Instant.ofEpochMilli(millis.value()).atZone(ZoneId.of(zone))));
    } catch (DateTimeException | IllegalArgumentException e) {
      return Value.UNDEFINED;
    }
  }

  private static Value parse(Value[] arguments) {
    String text = Convert.text(arguments[0]);
    String pattern = Convert.text(arguments[1]);
    if (text == null || pattern == null) {
      return Value.UNDEFINED;
    }
    try {
      TemporalAccessor parsed = DateTimeFormatter.ofPattern(pattern, Locale.US).parse(text);
      LocalDate date = parsed.query(TemporalQueries.localDate());
      LocalTime time = parsed.query(TemporalQueries.localTime());
      ZoneId zone = parsed.query(TemporalQueries.zone());
      if (date == null) {
        return Value.UNDEFINED;
      }
      return new Value.Int(
          date.atTime(time == null ? LocalTime.MIDNIGHT : time)
              .atZone(zone == null ? ZoneOffset.UTC : zone)
              .toInstant()
              .toEpochMilli());
    } catch (DateTimeException | IllegalArgumentException | ArithmeticException e) {
      return Value.UNDEFINED;
    }
  }
}
