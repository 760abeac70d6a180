package dev.gatehouse.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ClientHelloTest {
  private static final int HEADERS = 9; // of record and handshake

  private static ByteBuf hello(String protocol, String... suites) throws Exception {
    return Unpooled.wrappedBuffer(Hellos.bytes(protocol, suites)).skipBytes(HEADERS);
  }

  @Test
  void aClientOfTls13TakesTheCertificate() throws Exception {
    ByteBuf message = hello("TLSv1.3", "TLS_AES_128_GCM_SHA256");
    ClientHello hello = ClientHello.parse(message);

    assertThat(hello.suites()).containsExactly(0x1301);
    assertThat(hello.versions()).containsExactly(0x0304);
    assertThat(hello.protocols()).containsExactly("mqtt", "http/1.1");
    assertThat(hello.takesP256()).isTrue();
    assertThat(message.readerIndex()).isEqualTo(HEADERS);
  }

  @Test
  void aClientOfTls12TakesItByItsSuites() throws Exception {
    assertThat(
            ClientHello.parse(hello("TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"))
                .takesP256())
        .isTrue();
    assertThat(
            ClientHello.parse(hello("TLSv1.2", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"))
                .takesP256())
        .isFalse();
    assertThat(ClientHello.parse(hello("TLSv1.2", "TLS_RSA_WITH_AES_128_CBC_SHA")).takesP256())
        .isFalse();
  }

  @Test
  void aClientThatCannotVerifyEcdsaDoesNotTakeIt() {
    List<Integer> suites = List.of(0x1301, 0xC02B);
    List<Integer> versions = List.of(0x0304);
    List<Integer> groups = List.of(0x001D);

    assertThat(new ClientHello(suites, versions, groups, List.of(0x0403), List.of()).takesP256())
        .isTrue();
    assertThat(new ClientHello(suites, versions, groups, List.of(0x0804), List.of()).takesP256())
        .isFalse();
    assertThat(
            new ClientHello(suites, versions, List.of(0x0100), List.of(0x0403), List.of())
                .takesP256())
        .isFalse();
    assertThat(
            new ClientHello(suites, List.of(0x0302), groups, List.of(0x0403), List.of())
                .takesP256())
        .isFalse();
  }

  @Test
  void aMessageThatEndsEarlyIsRefusedWhereverItEnds() throws Exception {
    ByteBuf whole = hello("TLSv1.3", "TLS_AES_128_GCM_SHA256");
    int withoutExtensions =
        2 + 32 + 1 + 32 + 2 + 2 + 1 + 1; // what RFC 5246 lets a client leave out
    for (int length = 0; length < whole.readableBytes(); length++) {
      ByteBuf part = whole.slice(HEADERS, length);
      if (length != withoutExtensions) {
        assertThatThrownBy(() -> ClientHello.parse(part))
            .as("%d bytes", length)
            .isInstanceOf(IndexOutOfBoundsException.class);
      }
    }
  }

  @Test
  void whateverComesIsReadOrRefusedInOneWay() throws Exception {
    byte[] whole = new byte[hello("TLSv1.3", "TLS_AES_128_GCM_SHA256").readableBytes()];
    hello("TLSv1.3", "TLS_AES_128_GCM_SHA256").readBytes(whole);
    Random random = new Random(11);
    int read = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] changed = whole.clone();
      for (int j = random.nextInt(4); j >= 0; j--) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
      }
      try {
        ClientHello.parse(Unpooled.wrappedBuffer(changed));
        read++;
      } catch (IndexOutOfBoundsException e) {
        assertThat(e).isExactlyInstanceOf(IndexOutOfBoundsException.class);
      }
    }
    assertThat(read).isBetween(1_000, 19_999);
  }
}
