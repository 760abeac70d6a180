package dev.gatehouse.monitoring;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
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
  private final JsonFactory json = new JsonFactory();
  private byte[] written = new byte[0];

  /** Makes the directory, readable by its owner only. */
  StatusFile(Path directory) throws IOException {
    Files.createDirectories(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    this.file = directory.resolve("status.json");
  }

  void write(GatewayStatus status) throws IOException {
    byte[] content = content(status);
    if (Arrays.equals(content, written)) {
      return;
    }
    Path next = file.resolveSibling("status.json.next");
    Files.write(next, content);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    written = content;
  }

  private byte[] content(GatewayStatus status) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator generator = json.createGenerator(out).useDefaultPrettyPrinter()) {
      status.write(generator);
    }
    return out.toByteArray();
  }

  void delete() throws IOException {
    Files.deleteIfExists(file);
  }
}
