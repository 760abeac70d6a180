package dev.gatehouse.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.util.SelfSignedCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Handshakes of real clients, with BoringSSL behind the gate and without. */
@Timeout(60)
class HandshakeGateTest {
  private static final Handshakes.Limits LIMITS = new Handshakes.Limits(4, 8, 8, 64 << 10);

  private static FakeIdentity identity;
  private static SelfSignedCertificate device;
  private static SelfSignedCertificate stranger;

  @BeforeAll
  static void certificates() throws Exception {
    identity = new FakeIdentity();
    device = new SelfSignedCertificate("device", "RSA", 2048);
    stranger = new SelfSignedCertificate("stranger", "EC", 256);
    identity.devices.add(device.cert());
  }

  @AfterAll
  static void delete() {
    identity.close();
    device.delete();
    stranger.delete();
  }

  private static SSLContext client(SelfSignedCertificate... certificates) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    for (SelfSignedCertificate own : certificates) {
      store.setKeyEntry("own", own.key(), new char[0], new Certificate[] {own.cert()});
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
    keys.init(store, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), new TrustManager[] {identity.deviceTrust()}, null);
    return context;
  }

  private static SSLSocket connect(TlsServer server, SSLContext client, String... suites)
      throws IOException {
    SSLSocket socket =
        (SSLSocket)
            client.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), server.port());
    socket.setSoTimeout(10_000);
    if (suites.length > 0) {
      socket.setEnabledCipherSuites(suites);
      socket.setEnabledProtocols(
          new String[] {suites[0].startsWith("TLS_AES") ? "TLSv1.3" : "TLSv1.2"});
    }
    return socket;
  }

  private static void echo(SSLSocket socket) throws IOException {
    socket.getOutputStream().write(new byte[] {1, 2, 3});
    assertThat(socket.getInputStream().readNBytes(3)).containsExactly(1, 2, 3);
  }

  private static void nothingIsLeft(TlsServer server) {
    await()
        .untilAsserted(
            () -> {
              assertThat(server.handshakes.open()).isZero();
              assertThat(server.handshakes.waiting()).isZero();
              assertThat(server.handshakes.heldBytes()).isZero();
            });
  }

  @Test
  void theNativeCodeIsThereWhereThisIsBuilt() {
    assertThat(System.getProperty("os.arch")).isIn("amd64", "aarch64");
    assertThat(OpenSsl.isAvailable()).as("%s", OpenSsl.unavailabilityCause()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aDeviceIsServedAndItsCertificateIsKnown(boolean natively) throws Exception {
    try (TlsServer server = new TlsServer(identity, natively, LIMITS)) {
      for (String suite :
          List.of("TLS_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")) {
        try (SSLSocket socket = connect(server, client(device), suite)) {
          echo(socket);
          assertThat(socket.getSession().getPeerCertificates())
              .containsExactly(identity.keys.get("EC").cert());
        }
        TlsServer.Shaken shaken = server.next();
        assertThat(shaken.success()).isTrue();
        assertThat(shaken.isNative()).isEqualTo(natively);
        assertThat(shaken.peer()[0].getEncoded()).isEqualTo(device.cert().getEncoded());
      }
      nothingIsLeft(server);
    }
  }

  @Test
  void aClientThatNeedsWhatTheNativeEngineLacksIsServedByTheOther() throws Exception {
    try (TlsServer server = new TlsServer(identity, true, LIMITS)) {
      for (String suite :
          List.of("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_128_CBC_SHA")) {
        try (SSLSocket socket = connect(server, client(device), suite)) {
          echo(socket);
          assertThat(socket.getSession().getPeerCertificates())
              .containsExactly(identity.keys.get("RSA").cert());
        }
        assertThat(server.next().isNative()).isFalse();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aStrangerIsRefused(boolean natively) throws Exception {
    try (TlsServer server = new TlsServer(identity, natively, LIMITS)) {
      for (SSLContext client : List.of(client(), client(stranger))) {
        assertThatThrownBy(
                () -> {
                  try (SSLSocket socket = connect(server, client)) {
                    echo(socket);
                  }
                })
            .isInstanceOfAny(IOException.class, AssertionError.class);
        assertThat(server.next().success()).isFalse();
      }
      nothingIsLeft(server);
    }
  }

  @Test
  void aDeviceWhoseKeyTheNativeEngineLacksIsServedByTheOtherAfterAFailure() throws Exception {
    SelfSignedCertificate p521 = new SelfSignedCertificate("device", "EC", 521);
    identity.devices.add(p521.cert());
    try (TlsServer server = new TlsServer(identity, true, LIMITS)) {
      assertThatThrownBy(() -> spokenWith(server, p521))
          .isInstanceOfAny(IOException.class, AssertionError.class);
      assertThat(server.next().success()).isFalse();
      for (int i = 0; i < 2; i++) {
        spokenWith(server, p521);
        assertThat(server.next().isNative()).isFalse();
      }
    } finally {
      p521.delete();
    }
  }

  private static void spokenWith(TlsServer server, SelfSignedCertificate who) throws Exception {
    try (SSLSocket socket = connect(server, client(who))) {
      echo(socket);
    }
  }

  @Test
  void aStrangerDoesNotMoveOtherDevicesToTheSlowerEngine() throws Exception {
    try (TlsServer server = new TlsServer(identity, true, LIMITS)) {
      assertThatThrownBy(() -> spokenWith(server, stranger))
          .isInstanceOfAny(IOException.class, AssertionError.class);
      assertThat(server.next().success()).isFalse();
      spokenWith(server, device); // of the same kind, from the same address
      server.next();
      spokenWith(server, device);
      assertThat(server.next().isNative()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aResumedSessionShowsTheCertificateThatItBeganWith(boolean natively) throws Exception {
    try (TlsServer server = new TlsServer(identity, natively, LIMITS)) {
      SSLContext client = client(device);
      List<byte[]> sessions = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        try (SSLSocket socket =
            connect(server, client, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")) {
          echo(socket);
          sessions.add(socket.getSession().getId());
        }
        assertThat(server.next().peer()[0].getEncoded()).isEqualTo(device.cert().getEncoded());
      }
      assertThat(sessions.get(2)).isEqualTo(sessions.get(1));
    }
  }

  @Test
  void aRenewedCertificateIsServedAtOnce() throws Exception {
    SelfSignedCertificate before = identity.keys.get("EC");
    try (TlsServer server = new TlsServer(identity, true, LIMITS)) {
      connect(server, client(device)).startHandshake();
      identity.keys.put("EC", new SelfSignedCertificate("localhost", "EC", 256));
      try (SSLSocket socket = connect(server, client(device))) {
        echo(socket);
        assertThat(socket.getSession().getPeerCertificates())
            .containsExactly(identity.keys.get("EC").cert());
      }
    } finally {
      before.delete();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void hostileBeginningsEndTheirConnectionAndLeaveNothing(boolean natively) throws Exception {
    Random random = new Random(7);
    List<byte[]> beginnings = new ArrayList<>();
    for (String hex :
        List.of(
            "474554202f20485454502f312e310d0a0d0a", // no TLS at all
            "100e00044d5154540502003c00000161", // MQTT without TLS
            "15030300020228", // an alert
            "140303000101", // ChangeCipherSpec
            "1603010000", // an empty record
            "160301000401ffffff", // a ClientHello of 16 MB
            "16030100040200000c", // a ServerHello
            "16030100060100000203ff")) { // a ClientHello cut short
      beginnings.add(HexFormat.of().parseHex(hex));
    }
    for (int i = 0; i < 40; i++) {
      byte[] noise = new byte[5 + random.nextInt(300)];
      random.nextBytes(noise);
      noise[0] = 0x16;
      noise[1] = 3;
      noise[2] = (byte) random.nextInt(4);
      noise[3] = 0;
      noise[4] = (byte) (noise.length - 5);
      if (noise.length > 5 && i % 2 == 0) {
        noise[5] = 1; // says that it is a ClientHello
      }
      beginnings.add(noise);
    }
    try (TlsServer server = new TlsServer(identity, natively, LIMITS)) {
      for (byte[] beginning : beginnings) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
          socket.setSoTimeout(10_000);
          socket.getOutputStream().write(beginning);
          assertThat(ended(socket)).as(HexFormat.of().formatHex(beginning)).isTrue();
        }
      }
      nothingIsLeft(server);
      try (SSLSocket socket = connect(server, client(device))) {
        echo(socket);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void helloesWithChangedBytesLeaveNothing(boolean natively) throws Exception {
    Random random = new Random(13);
    byte[] hello = Hellos.bytes("TLSv1.3", "TLS_AES_128_GCM_SHA256");
    try (TlsServer server = new TlsServer(identity, natively, LIMITS)) {
      for (int i = 0; i < 300; i++) {
        byte[] changed = hello.clone();
        for (int j = random.nextInt(6); j >= 0; j--) {
          changed[9 + random.nextInt(changed.length - 9)] = (byte) random.nextInt(256);
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
          socket.setSoTimeout(10_000);
          socket.getOutputStream().write(changed);
          socket.shutdownOutput();
          assertThat(ended(socket)).as(HexFormat.of().formatHex(changed)).isTrue();
        }
      }
      nothingIsLeft(server);
      spokenWith(server, device);
    }
  }

  @Test
  void aChainThatIsTooLongIsRefused() throws Exception {
    try (TlsServer server = new TlsServer(identity, true, LIMITS)) {
      KeyStore store = KeyStore.getInstance("JKS"); // takes a chain that is none, too
      store.load(null, null);
      Certificate[] chain = new Certificate[60];
      java.util.Arrays.fill(chain, device.cert());
      store.setKeyEntry("own", device.key(), new char[0], chain);
      KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
      keys.init(store, new char[0]);
      SSLContext client = SSLContext.getInstance("TLS");
      client.init(keys.getKeyManagers(), new TrustManager[] {identity.deviceTrust()}, null);
      assertThatThrownBy(
              () -> {
                try (SSLSocket socket = connect(server, client)) {
                  echo(socket);
                }
              })
          .isInstanceOfAny(IOException.class, AssertionError.class);
      assertThat(server.next().success()).isFalse();
      nothingIsLeft(server);
    }
  }

  @Test
  void devicesWithKeysOfTheUsualKindsAreServedNatively() throws Exception {
    try (TlsServer server = new TlsServer(identity, true, LIMITS)) {
      for (int bits : new int[] {256, 384, 3072}) {
        SelfSignedCertificate own =
            new SelfSignedCertificate("device", bits < 2048 ? "EC" : "RSA", bits);
        identity.devices.add(own.cert());
        spokenWith(server, own);
        assertThat(server.next().isNative()).as("%d bits", bits).isTrue();
        own.delete();
      }
    }
  }

  /** Reads to the end; a reset is one, too. */
  private static boolean ended(Socket socket) throws IOException {
    try {
      socket.getInputStream().readAllBytes();
      return true;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (java.net.SocketException e) {
      return true;
    }
  }

  @Test
  void clientsThatStallDoNotKeepAnotherOneOut() throws Exception {
    List<Socket> stalled = new ArrayList<>();
    try (TlsServer server = new TlsServer(identity, true, LIMITS)) {
      byte[] half = HexFormat.of().parseHex("16030100200100001c0303");
      for (int i = 0; i < 20; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.getOutputStream().write(half);
        stalled.add(socket);
      }
      try (SSLSocket socket = connect(server, client(device))) {
        echo(socket);
      }
      for (Socket socket : stalled) {
        socket.setSoTimeout(10_000);
        assertThat(ended(socket)).isTrue();
      }
      nothingIsLeft(server);
    } finally {
      for (Socket socket : stalled) {
        socket.close();
      }
    }
  }

  @Test
  void whatIsSentBeforeTheHandshakeIsBoundedForAllTogether() throws Exception {
    List<Socket> sockets = new ArrayList<>();
    try (TlsServer server = new TlsServer(identity, true, new Handshakes.Limits(4, 8, 8, 20_000))) {
      byte[] most = new byte[5_000]; // of a ClientHello of 7,000 bytes
      System.arraycopy(HexFormat.of().parseHex("1603011b5c01001b58"), 0, most, 0, 9);
      for (int i = 0; i < 6; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.getOutputStream().write(most);
        sockets.add(socket);
      }
      await().untilAsserted(() -> assertThat(server.handshakes.heldBytes()).isPositive());
      assertThat(server.handshakes.heldBytes()).isLessThanOrEqualTo(20_000 + 5_256);
      nothingIsLeft(server);
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }
}
