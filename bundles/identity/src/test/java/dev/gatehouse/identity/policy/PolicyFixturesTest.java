package dev.gatehouse.identity.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Documents with the decisions that they lead to. */
class PolicyFixturesTest {
  private static final String ACCOUNT = "arn:aws:iot:us-east-1:123456789012:";

  @TestFactory
  Stream<DynamicTest> examplesOfTheGuide() throws IOException {
    return tests("guide.json");
  }

  @TestFactory
  Stream<DynamicTest> rulesOfTheLanguage() throws IOException {
    return tests("language.json");
  }

  private Stream<DynamicTest> tests(String file) throws IOException {
    try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream(file))) {
      JsonNode fixtures = new ObjectMapper().readTree(in);
      assertThat(fixtures).isNotEmpty();
      return StreamSupport.stream(fixtures.spliterator(), false)
          .map(fixture -> DynamicTest.dynamicTest(fixture.get("name").asText(), () -> run(fixture)))
          .toList()
          .stream();
    }
  }

  private static void run(JsonNode fixture) throws MalformedPolicy {
    Policy policy = PolicyParser.parse(fixture.get("policy").toString());
    Map<String, String> variables = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    fixture
        .path("variables")
        .properties()
        .forEach(entry -> variables.put(entry.getKey(), entry.getValue().asText()));
    assertThat(fixture.get("expect")).isNotEmpty();
    for (JsonNode expectation : fixture.get("expect")) {
      String action = expectation.get(0).asText();
      String resource = ACCOUNT + expectation.get(1).asText();
      assertThat(Policy.decide(List.of(policy), action, resource, variables))
          .as(action + " " + resource)
          .hasToString(expectation.get(2).asText());
    }
  }
}
