package dev.gatehouse.http;

import dev.gatehouse.api.http.ApiOperation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The operations that AWS has, so that one which is missing here can be named. */
final class AwsOperations {
  private record Known(
      ApiOperation.Service service, String method, PathTemplate template, String name) {}

  private final List<Known> operations;

  AwsOperations() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(
                    AwsOperations.class.getResourceAsStream("aws-operations.txt")),
                StandardCharsets.US_ASCII))) {
      operations =
          lines
              .lines()
              .map(line -> line.split(" "))
              .map(
                  parts ->
                      new Known(
                          ApiOperation.Service.valueOf(parts[0]),
                          parts[1],
                          PathTemplate.of(parts[2]),
                          parts[3]))
              .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("aws-operations.txt cannot be read", e);
    }
  }

  Optional<String> find(ApiOperation.Service service, String method, List<String> segments) {
    return operations.stream()
        .filter(known -> known.service() == service && known.method().equals(method))
        .filter(known -> known.template().match(segments) != null)
        .map(Known::name)
        .findFirst();
  }
}
