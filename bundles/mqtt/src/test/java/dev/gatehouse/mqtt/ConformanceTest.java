package dev.gatehouse.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What docs/mqtt-conformance.md says is there. */
class ConformanceTest {
  private static final Path ROOT = Path.of("../..");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| (MQTT-[0-9.-]+) \\| (.+) \\|$");
  private static final Pattern NAMED = Pattern.compile("`(\\w+)\\.(\\w+)`");
  private static String document = "";
  private static final Map<String, String> SOURCES = new HashMap<>(); // by the name of the class

  @BeforeAll
  static void read() throws IOException {
    document = Files.readString(ROOT.resolve("docs/mqtt-conformance.md"));
    try (Stream<Path> files = Files.walk(ROOT.resolve("bundles"))) {
      for (Path file : files.filter(each -> each.toString().endsWith("Test.java")).toList()) {
        String name = file.getFileName().toString();
        SOURCES.put(name.substring(0, name.length() - ".java".length()), Files.readString(file));
      }
    }
  }

  private static Map<String, String> rows(String version) {
    int begin = document.indexOf("## MQTT " + version + "\n");
    assertThat(begin).as("MQTT %s", version).isPositive();
    int end = document.indexOf("\n## ", begin);
    Matcher matcher = ROW.matcher(document.substring(begin, end < 0 ? document.length() : end));
    Map<String, String> rows = new LinkedHashMap<>();
    while (matcher.find()) {
      assertThat(rows.put(matcher.group(1), matcher.group(2))).as(matcher.group(1)).isNull();
    }
    return rows;
  }

  private static List<String> clauses(String version) throws IOException {
    try (var in = ConformanceTest.class.getResourceAsStream("/clauses-" + version + ".txt")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"5.0", "3.1.1"})
  void everyClauseHasItsTestOrTheReasonWhyThereIsNone(String version) throws IOException {
    Map<String, String> rows = rows(version);
    assertThat(rows.keySet()).containsExactlyElementsOf(clauses(version));
    rows.forEach(
        (clause, what) ->
            assertThat(what).as(clause).matches("`.+`|client's duty([;:] .+)?|not applicable: .+"));
  }

  @Test
  void everyTestThatIsNamedExistsAndRuns() {
    List<MatchResult> named = NAMED.matcher(document).results().toList();
    assertThat(named).hasSizeGreaterThan(300);
    for (MatchResult test : named) {
      String source = SOURCES.get(test.group(1));
      assertThat(source).as(test.group()).isNotNull();
      assertThat(runs(Objects.requireNonNull(source), test.group(2))).as(test.group()).isTrue();
    }
  }

  /** Whether a method has an annotation of a test and none that turns it off. */
  private static boolean runs(String source, String method) {
    Matcher declared = Pattern.compile("void " + method + "\\(").matcher(source);
    if (!declared.find()) {
      return false;
    }
    int before = source.lastIndexOf("\n\n", declared.start());
    String annotations = source.substring(Math.max(0, before), declared.start());
    return annotations.matches("(?s).*@(Test|ParameterizedTest)\\b.*")
        && !annotations.contains("@Disabled")
        && !source.contains("@Disabled\nclass");
  }
}
