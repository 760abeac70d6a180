package dev.gatehouse.rules.sql;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.SignStyle;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalField;
import java.util.Locale;
import java.util.Map;

/** Joda-Time's patterns, some letters of which java.time gives another meaning. */
final class JodaPattern {
  private static final int MAX_WIDTH = 30;

  /** Zones that Joda-Time knows by a name which java.time has for none, and what prints alike. */
  private static final Map<String, ZoneId> ZONES =
      Map.of(
          "EST", ZoneId.of("America/Panama"),
          "MST", ZoneId.of("America/Phoenix"),
          "HST", ZoneId.of("Pacific/Honolulu"),
          "ROC", ZoneId.of("Asia/Taipei"));

  private final String pattern;
  private final String zone;
  private final DateTimeFormatterBuilder builder = new DateTimeFormatterBuilder();
  private int at;

  private JodaPattern(String pattern, String zone) {
    this.pattern = pattern;
    this.zone = zone;
  }

  /**
   * The zone of a name.
   *
   * @throws java.time.DateTimeException if there is none
   */
  static ZoneId zone(String name) {
    ZoneId known = ZONES.get(name);
    return known == null ? ZoneId.of(name) : known;
  }

  /**
   * The formatter that prints as the pattern says.
   *
   * @param zone the name of the zone that times are printed in
   * @throws IllegalArgumentException if it is no pattern
   */
  static DateTimeFormatter formatter(String pattern, String zone) {
    JodaPattern parser = new JodaPattern(pattern, zone);
    while (parser.at < pattern.length()) {
      parser.next();
    }
    return parser.builder.toFormatter(Locale.US);
  }

  private void next() {
    char c = pattern.charAt(at);
    if (c == '\'') {
      quoted();
      return;
    }
    int from = at;
    while (at < pattern.length() && pattern.charAt(at) == c) {
      at++;
    }
    boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (letter) {
      field(c, Math.min(at - from, MAX_WIDTH));
    } else {
      builder.appendLiteral(pattern.substring(from, at));
    }
  }

  private void quoted() {
    StringBuilder text = new StringBuilder();
    int from = at + 1;
    int end = pattern.indexOf('\'', from);
    if (end == from) {
      text.append('\''); // two outside of quotes
    }
    while (end > from && end + 1 < pattern.length() && pattern.charAt(end + 1) == '\'') {
      text.append(pattern, from, end + 1); // two within
      from = end + 2;
      end = pattern.indexOf('\'', from);
    }
    if (end < 0) {
      throw new IllegalArgumentException("a quote is not closed");
    }
    builder.appendLiteral(text.append(pattern, from, end).toString());
    at = end + 1;
  }

  private void field(char letter, int width) {
    switch (letter) {
      case 'G' -> builder.appendText(ChronoField.ERA, TextStyle.SHORT);
      case 'y' -> year(ChronoField.YEAR, width);
      case 'Y' -> year(ChronoField.YEAR_OF_ERA, width);
      case 'x' -> year(IsoFields.WEEK_BASED_YEAR, width);
      case 'w' -> number(IsoFields.WEEK_OF_WEEK_BASED_YEAR, width);
      case 'e' -> number(ChronoField.DAY_OF_WEEK, width);
      case 'E' -> text(ChronoField.DAY_OF_WEEK, width);
      case 'D' -> number(ChronoField.DAY_OF_YEAR, width);
      case 'M' -> {
        if (width > 2) {
          text(ChronoField.MONTH_OF_YEAR, width);
        } else {
          number(ChronoField.MONTH_OF_YEAR, width);
        }
      }
      case 'd' -> number(ChronoField.DAY_OF_MONTH, width);
      case 'a' -> text(ChronoField.AMPM_OF_DAY, 1);
      case 'K' -> number(ChronoField.HOUR_OF_AMPM, width);
      case 'h' -> number(ChronoField.CLOCK_HOUR_OF_AMPM, width);
      case 'H' -> number(ChronoField.HOUR_OF_DAY, width);
      case 'k' -> number(ChronoField.CLOCK_HOUR_OF_DAY, width);
      case 'm' -> number(ChronoField.MINUTE_OF_HOUR, width);
      case 's' -> number(ChronoField.SECOND_OF_MINUTE, width);
      case 'S' -> fraction(width);
      case 'z' -> builder.appendZoneText(width > 3 ? TextStyle.FULL : TextStyle.SHORT);
      case 'Z' -> offset(width);
      default -> throw new IllegalArgumentException("'" + letter + "' means nothing in a pattern");
    }
  }

  private void year(TemporalField field, int width) {
    if (width == 2) {
      builder.appendValueReduced(field, 2, 2, 2000);
    } else {
      number(field, width);
    }
  }

  private void number(TemporalField field, int width) {
    builder.appendValue(field, Math.min(width, 19), 19, SignStyle.NORMAL);
  }

  private void text(TemporalField field, int width) {
    builder.appendText(field, width > 3 ? TextStyle.FULL : TextStyle.SHORT);
  }

  private void fraction(int width) {
    int digits = Math.min(width, 9);
    builder.appendFraction(ChronoField.NANO_OF_SECOND, digits, digits, false);
    builder.appendLiteral("0".repeat(width - digits));
  }

  private void offset(int width) {
    if (width > 2) {
      builder.appendLiteral(zone);
    } else {
      builder.appendOffset(width == 1 ? "+HHMM" : "+HH:MM", width == 1 ? "+0000" : "+00:00");
    }
  }
}
