package dev.gatehouse.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class JavaOnlyClientsTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5); // the clock may overflow
  private final JavaOnlyClients clients = new JavaOnlyClients(now::get);

  private static JavaOnlyClients.Client client(int hello) {
    return new JavaOnlyClients.Client(InetAddress.getLoopbackAddress(), hello);
  }

  private static PublicKey key(String algorithm, int bits) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(bits);
    return generator.generateKeyPair().getPublic();
  }

  @Test
  void aClientIsKeptForAnHour() {
    clients.failed(client(1));

    assertThat(clients.contains(client(1))).isTrue();
    assertThat(clients.contains(client(2))).isFalse();
    now.addAndGet(TimeUnit.HOURS.toNanos(1) - 1);
    assertThat(clients.contains(client(1))).isTrue();
    now.incrementAndGet();
    assertThat(clients.contains(client(1))).isFalse();
  }

  @Test
  void strangersCannotMakeItGrow() {
    for (int i = 0; i < 2_000; i++) {
      clients.failed(client(i));
    }

    assertThat(clients.contains(client(0))).isFalse();
    assertThat(clients.contains(client(975))).isFalse();
    assertThat(clients.contains(client(976))).isTrue();
  }

  @Test
  void theNativeEngineVerifiesSignaturesOfTheseKeys() throws Exception {
    assertThat(JavaOnlyClients.nativeVerifies(key("EC", 256))).isTrue();
    assertThat(JavaOnlyClients.nativeVerifies(key("EC", 384))).isTrue();
    assertThat(JavaOnlyClients.nativeVerifies(key("EC", 521))).isFalse();
    assertThat(JavaOnlyClients.nativeVerifies(key("RSA", 2048))).isTrue();
    assertThat(JavaOnlyClients.nativeVerifies(key("RSASSA-PSS", 2048))).isFalse();
  }
}
