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
  private static final int MAX_PATTERN = 500;

  private TimeFunctions() {}

  /** Pays for a pattern, each letter of which becomes an object; false if it is too long. */
  private static boolean payPattern(Evaluation evaluation, String pattern) {
    if (pattern.length() > MAX_PATTERN) {
      return false;
    }
    evaluation.spend(20 + 4L * pattern.length());
    evaluation.build(400 + 100L * pattern.length());
    return true;
  }

  static void addTo(Map<String, Function> all) {
    all.put(
        "parse_time", (e, a) -> a.length == 2 || a.length == 3 ? format(e, a) : Value.UNDEFINED);
    all.put("time_to_epoch", (e, a) -> a.length == 2 ? parse(e, a) : Value.UNDEFINED);
  }

  private static Value format(Evaluation evaluation, Value[] arguments) {
    String pattern = Convert.text(arguments[0], evaluation);
    String zone = arguments.length == 3 ? Convert.text(arguments[2], evaluation) : "UTC";
    if (pattern == null
        || zone == null
        || !payPattern(evaluation, pattern)
        || !(Convert.integer(arguments[1]) instanceof Value.Int millis)) {
      return Value.UNDEFINED;
    }
    try {
      return new Value.Text(
          JodaPattern.formatter(pattern, zone)
              .format(Instant.ofEpochMilli(millis.value()).atZone(JodaPattern.zone(zone))));
    } catch (DateTimeException | IllegalArgumentException e) {
      return Value.UNDEFINED;
    }
  }

  private static Value parse(Evaluation evaluation, Value[] arguments) {
    String text = Convert.text(arguments[0], evaluation);
    String pattern = Convert.text(arguments[1], evaluation);
    if (text == null || pattern == null || !payPattern(evaluation, pattern)) {
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
