package dev.gatehouse.monitoring;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;

/**
 * {@code status.json}: replaced whole, and only when it says something new, so that a gateway at
 * rest writes nothing. Used by one thread at a time.
 */
final class StatusFile {
  private final Path file;
  private final ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private byte[] written = new byte[0];

  /** Makes the directory, readable by its owner only. */
  StatusFile(Path directory) throws IOException {
    Files.createDirectories(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    this.file = directory.resolve("status.json");
  }

  void write(GatewayStatus status) throws IOException {
    byte[] content = mapper.writeValueAsBytes(status);
    if (Arrays.equals(content, written)) {
      return;
    }
    Path next = file.resolveSibling("status.json.next");
    Files.write(next, content);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    written = content;
  }

  void delete() throws IOException {
    Files.deleteIfExists(file);
  }
}
