package dev.gatehouse.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The operations that AWS has, so that one which is missing here can be named. */
final class AwsOperations {
  private record Known(String service, String method, PathTemplate template, String name) {}

  private static final List<Known> ALL = read();

  private static List<Known> read() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(
                    AwsOperations.class.getResourceAsStream("aws-operations.txt")),
                StandardCharsets.US_ASCII))) {
      return lines
          .lines()
          .map(line -> line.split(" "))
          .map(parts -> new Known(parts[0], parts[1], PathTemplate.of(parts[2]), parts[3]))
          // As the router does: what is written out wins over parameters.
          .sorted(Comparator.comparing((Known known) -> -known.template().literals()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("aws-operations.txt cannot be read", e);
    }
  }

  private AwsOperations() {}

  static Set<String> names() {
    return ALL.stream().map(Known::name).collect(Collectors.toSet());
  }

  /**
   * The name of an operation.
   *
   * @param service the id of its service
   */
  static Optional<String> find(String service, String method, List<String> segments) {
    return ALL.stream()
        .filter(known -> known.service().equals(service) && known.method().equals(method))
        .filter(known -> known.template().match(segments) != null)
        .map(Known::name)
        .findFirst();
  }
}
