package dev.gatehouse.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** The operations that the gateway serves, as {@code SERVICE OPERATION}, of {@code /aws}. */
final class AwsOperations {
  private static final Map<String, String> IN_NO_TEST =
      Map.of(
          "iot DeleteThingType",
          "a type can be deleted five minutes after it was deprecated, and no test waits that long;"
              + " tests beside the code leap there, and that it is refused before is asserted");

  private static final String TOO_OLD = "the clients of Debian 12 do not know it";
  private static final Map<String, String> NOT_IN_DEBIAN =
      Map.of(
          "iot UpdateThingType", TOO_OLD,
          "iot ListPrincipalThingsV2", TOO_OLD,
          "iot ListThingPrincipalsV2", TOO_OLD);

  private AwsOperations() {}

  static Set<String> all() {
    Set<String> all = new TreeSet<>();
    try (InputStream in =
        Objects.requireNonNull(AwsOperations.class.getResourceAsStream("/aws/operations.txt"))) {
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> line.split(" "))
          .forEach(
              words ->
                  Arrays.stream(words).skip(1).forEach(name -> all.add(words[0] + " " + name)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  /** That Debian's client has called all with success that it knows. */
  static void assertCoveredByDebian(Collection<String> succeeded) {
    Map<String, String> exceptions = new HashMap<>(IN_NO_TEST);
    exceptions.putAll(NOT_IN_DEBIAN);
    assertCovered(succeeded, exceptions);
  }

  /** That a client has called all with success. */
  static void assertCovered(Collection<String> succeeded) {
    assertCovered(succeeded, IN_NO_TEST);
  }

  /** But for exceptions with a reason; one that has succeeded is none. */
  private static void assertCovered(Collection<String> succeeded, Map<String, String> exceptions) {
    Set<String> expected = all();
    assertThat(expected).containsAll(exceptions.keySet()).hasSizeGreaterThan(170);
    expected.removeAll(exceptions.keySet());
    assertThat(new TreeSet<>(succeeded)).containsExactlyElementsOf(expected);
  }
}
