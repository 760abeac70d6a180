package dev.gatehouse.shell;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;

/**
 * The key that opens the console. It takes the place of a default password: each gateway makes its
 * own at first boot, readable by its owner only.
 */
final class ConsoleKey {
  static final String USER = "gatehouse";
  private static final int RSA_BITS = 3072;

  private final Path keyFile;
  private final Path authorizedKeys;

  ConsoleKey(Path keyFile, Path authorizedKeys) {
    this.keyFile = keyFile;
    this.authorizedKeys = authorizedKeys;
  }

  /** Makes and authorises the key unless it is there; true if it was made. */
  boolean ensure() throws IOException, GeneralSecurityException {
    if (Files.exists(keyFile)) {
      return false;
    }
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(RSA_BITS);
    KeyPair pair = generator.generateKeyPair();
    authorise(sshEncoding((RSAPublicKey) pair.getPublic()));
    // Last: as long as the key is absent, the next boot tries again.
    write(keyFile, pem(pair.getPrivate().getEncoded()));
    return true;
  }

  private void authorise(String publicKey) throws IOException {
    StringBuilder next = new StringBuilder();
    for (String line : Files.readAllLines(authorizedKeys, StandardCharsets.UTF_8)) {
      if (!line.startsWith(USER + "=")) {
        next.append(line).append('\n');
      }
    }
    next.append(USER).append('=').append(publicKey).append(",_g_:admingroup\n");
    write(authorizedKeys, next.toString());
  }

  private static void write(Path file, String content) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null) {
      throw new IOException(file + " has no directory");
    }
    Files.createDirectories(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path next = directory.resolve(file.getFileName() + ".next");
    Files.deleteIfExists(next);
    Files.createFile(
        next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(next, content);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static String pem(byte[] pkcs8) {
    return "-----BEGIN PRIVATE KEY-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(pkcs8)
        + "\n-----END PRIVATE KEY-----\n";
  }

  /** The blob of RFC 4253, 6.6: the type, the exponent, the modulus. */
  static String sshEncoding(RSAPublicKey key) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      for (byte[] part :
          new byte[][] {
            "ssh-rsa".getBytes(StandardCharsets.US_ASCII),
            key.getPublicExponent().toByteArray(),
            key.getModulus().toByteArray()
          }) {
        out.writeInt(part.length);
        out.write(part);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }
}
