package dev.gatehouse.testkit;

import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.identity.Principal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A call of an operation that succeeds, written as {@code Operation path.a=${x} query.b=c
 * header.d=e body={...}}. The body comes last; its apostrophes stand for quotation marks. A {@code
 * ${name}} stands for the name of a resource that the caller needs the right to.
 */
record SampleCall(String operation, List<Part> parts) {
  private static final Pattern NAME = Pattern.compile("\\$\\{(\\w+)}");

  /** One parameter, such as {@code path.thingName}, or {@code body}. */
  record Part(String place, String text) {}

  SampleCall {
    parts = List.copyOf(parts);
  }

  static SampleCall parse(String line) {
    int at = line.indexOf(" body=");
    String[] words = (at < 0 ? line : line.substring(0, at)).trim().split(" +");
    List<Part> parts = new ArrayList<>();
    for (int i = 1; i < words.length; i++) {
      int equals = words[i].indexOf('=');
      parts.add(new Part(words[i].substring(0, equals), words[i].substring(equals + 1)));
    }
    if (at >= 0) {
      parts.add(new Part("body", line.substring(at + " body=".length()).replace('\'', '"')));
    }
    return new SampleCall(words[0], parts);
  }

  /** How many resources it names; one that is named twice counts twice. */
  int names() {
    return (int)
        parts.stream().mapToLong(part -> NAME.matcher(part.text()).results().count()).sum();
  }

  /** Spells the name at an index; null leaves out what holds it. */
  interface Speller {
    @Nullable String spell(int index, String name);
  }

  /**
   * The request with its names spelled, and then each parameter bent. An empty segment matches no
   * path, so that it becomes another name.
   */
  ApiRequest request(Principal caller, Speller speller, UnaryOperator<String> bent) {
    Map<String, Map<String, String>> maps = new HashMap<>();
    String body = "";
    int[] index = {0};
    for (Part part : parts) {
      String text = spelled(part, speller, index);
      if (part.place().equals("body")) {
        body = text == null ? "{}" : bent.apply(text);
      } else if (part.place().startsWith("path.") && (text == null || text.isEmpty())) {
        maps.computeIfAbsent("path", kind -> new HashMap<>()).put(part.place().substring(5), "-");
      } else if (text != null) {
        String[] place = part.place().split("\\.", 2);
        maps.computeIfAbsent(place[0], kind -> new HashMap<>()).put(place[1], bent.apply(text));
      }
    }
    return new ApiRequest(
        caller.account(),
        caller,
        maps.getOrDefault("path", Map.of()),
        maps.getOrDefault("query", Map.of()),
        maps.getOrDefault("header", Map.of()),
        body.getBytes(StandardCharsets.UTF_8),
        "192.0.2.1",
        "request",
        Instant.parse("2027-03-01T12:00:00Z"));
  }

  private static @Nullable String spelled(Part part, Speller speller, int[] index) {
    boolean body = part.place().equals("body");
    Matcher names = NAME.matcher(part.text());
    StringBuilder text = new StringBuilder();
    while (names.find()) {
      String spelled = speller.spell(index[0]++, names.group(1));
      if (spelled == null && !body) {
        return null;
      }
      names.appendReplacement(
          text, Matcher.quoteReplacement(spelled == null ? "\1" : body ? json(spelled) : spelled));
    }
    names.appendTail(text);
    return text.toString().replaceAll("\"[^\"]*\1[^\"]*\"", "null");
  }

  private static String json(String text) {
    StringBuilder json = new StringBuilder();
    text.chars()
        .forEach(
            c ->
                json.append(c < 0x20 || c == '"' || c == '\\' ? "\\u%04x".formatted(c) : (char) c));
    return json.toString();
  }
}
