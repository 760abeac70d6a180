package dev.gatehouse.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.testkit.InMemoryStore;
import dev.gatehouse.testkit.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FirstBootTest {
  @TempDir private Path directory;
  private final InMemoryStore store = new InMemoryStore();
  private final ManualClock clock = new ManualClock(Booted.NOW);

  @BeforeEach
  void firstBoot() throws Exception {
    boot().close();
  }

  private Booted boot() throws Exception {
    return new Booted(directory, store, clock, "");
  }

  private Map<String, String> files() throws IOException {
    Map<String, String> hashes = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        hashes.put(
            directory.relativize(path).toString(), Certificates.id(Files.readAllBytes(path)));
      }
    }
    return hashes;
  }

  @Test
  void filesAreMadeForTheirOwnerOnly() throws Exception {
    assertThat(files())
        .containsOnlyKeys(
            "pki/ca.key",
            "pki/ca.pem",
            "pki/server-ec.key",
            "pki/server-ec.pem",
            "pki/server-rsa.key",
            "pki/server-rsa.pem");
    for (String name : files().keySet()) {
      assertThat(Files.getPosixFilePermissions(directory.resolve(name)))
          .as(name)
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
    for (String name : new String[] {"pki"}) {
      assertThat(Files.getPosixFilePermissions(directory.resolve(name)))
          .as(name)
          .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }
  }

  @Test
  void aSecondBootChangesNothing() throws Exception {
    Map<String, String> before = files();
    boot().close();
    assertThat(files()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pki/ca.pem", "pki/ca.key"})
  void whatIsMissingIsNamedAndNotReplaced(String name) throws Exception {
    Files.delete(directory.resolve(name));
    Map<String, String> before = files();
    assertThatThrownBy(this::boot).hasMessageContaining(name).hasMessageContaining("restore");
    assertThat(files()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pki/ca.pem", "pki/ca.key", "pki/server-ec.pem", "pki/server-rsa.key"})
  void whatIsDamagedIsNamedAndNotReplaced(String name) throws Exception {
    Path file = directory.resolve(name);
    byte[] content = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(content, content.length / 2));
    Map<String, String> before = files();
    assertThatThrownBy(this::boot).hasMessageContaining(name).hasMessageContaining("restore");
    assertThat(files()).isEqualTo(before);
  }

  @Test
  void aForeignCaKeyIsNamed() throws Exception {
    Files.writeString(
        directory.resolve("pki/ca.key"),
        Pem.encode("PRIVATE KEY", CertificateMaker.ecKeys().getPrivate().getEncoded()));
    assertThatThrownBy(this::boot).hasMessageContaining("pki/ca.key is damaged");
  }

  @Test
  void aFirstBootInterruptedBehindTheCaKeyIsDoneAgain(@TempDir Path fresh) throws Exception {
    Files.createDirectories(fresh.resolve("pki"));
    Files.copy(directory.resolve("pki/ca.key"), fresh.resolve("pki/ca.key"));
    new Booted(fresh).close();
    assertThat(fresh.resolve("pki/ca.pem")).isNotEmptyFile();
  }

  @Test
  void aServerPairThatWasHalfReplacedIsMadeAnew() throws Exception {
    Path key = directory.resolve("pki/server-ec.key");
    Files.writeString(
        key, Pem.encode("PRIVATE KEY", CertificateMaker.ecKeys().getPrivate().getEncoded()));
    boot().close();
    Map<String, String> repaired = files();
    boot().close();
    assertThat(files()).isEqualTo(repaired);
  }

  @Test
  void serverCertificatesNameTheMachine() throws Exception {
    X509Certificate server =
        Pem.certificate(Files.readString(directory.resolve("pki/server-ec.pem")));
    assertThat(server.getSubjectAlternativeNames().stream().map(entry -> entry.get(1).toString()))
        .contains("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
    assertThat(HostNames.covered(server)).isTrue();
  }

  @Test
  void certificatesMadeWithAClockIn1970AreValidWhenItIsSet(@TempDir Path fresh) throws Exception {
    ManualClock unset = new ManualClock(Instant.EPOCH);
    new Booted(fresh, new InMemoryStore(), unset, "").close();
    for (String name : new String[] {"ca.pem", "server-ec.pem", "server-rsa.pem"}) {
      X509Certificate made = Pem.certificate(Files.readString(fresh.resolve("pki/" + name)));
      assertThat(made.getNotBefore().toInstant())
          .isBefore(CertificateMaker.RELEASE.minus(Duration.ofDays(365)));
      assertThat(made.getNotAfter().toInstant())
          .isAfter(CertificateMaker.RELEASE.plus(Duration.ofDays(365)));
    }
  }

  @Test
  void aClockThatFellBackTo1970RenewsNothing() throws Exception {
    Map<String, String> before = files();
    new Booted(directory, store, new ManualClock(Instant.EPOCH), "").close();
    assertThat(files()).isEqualTo(before);
  }

  @Test
  void keysServedFollowARenewal() throws Exception {
    Authority authority = new Authority(directory.resolve("pki"), new CertificateMaker(clock));
    ServerKeyManager manager = new ServerKeyManager(authority);
    X509Certificate[] before = manager.getCertificateChain("EC");
    clock.advance(Duration.ofDays(300));
    authority.renewServerKeys();
    assertThat(manager.getCertificateChain("EC")).isEqualTo(before);
    clock.advance(Duration.ofDays(60));
    authority.renewServerKeys();
    assertThat(manager.getCertificateChain("EC")).isNotEqualTo(before);
    assertThat(manager.getCertificateChain("EC")[0].getNotAfter().toInstant())
        .isAfter(clock.instant().plus(Duration.ofDays(390)));
    assertThat(authority.certificate())
        .isEqualTo(Pem.certificate(Files.readString(directory.resolve("pki/ca.pem"))));
  }
}
