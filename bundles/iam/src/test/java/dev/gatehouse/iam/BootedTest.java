package dev.gatehouse.iam;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.api.error.ErrorCode;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** IAM, booted anew for each test, and the calls of its administrator. */
abstract class BootedTest {
  @TempDir Path directory;
  Booted booted;

  @BeforeEach
  void boot() throws Exception {
    booted = new Booted(directory);
  }

  JsonNode call(String operation, String... parameters) {
    return booted.call(operation, parameters);
  }

  void refused(ErrorCode code, String operation, String... parameters) {
    booted.refused(code, () -> call(operation, parameters));
  }
}
