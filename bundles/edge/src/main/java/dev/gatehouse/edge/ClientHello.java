package dev.gatehouse.edge;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a client offers in its ClientHello (RFC 8446, 4.1.2; RFC 5246, 7.4.1.2), as far as the
 * choice of a TLS engine needs it. Numbers are those of IANA's TLS registries.
 *
 * @param suites cipher suites, in the client's order
 * @param versions protocol versions of {@code supported_versions}; without that extension the
 *     legacy version
 * @param groups named groups of {@code supported_groups}
 * @param signatures signature schemes of {@code signature_algorithms}
 * @param protocols names of the ALPN extension (RFC 7301)
 */
record ClientHello(
    List<Integer> suites,
    List<Integer> versions,
    List<Integer> groups,
    List<Integer> signatures,
    List<String> protocols) {

  private static final int SUPPORTED_GROUPS = 10;
  private static final int SIGNATURE_ALGORITHMS = 13;
  private static final int ALPN = 16;
  private static final int SUPPORTED_VERSIONS = 43;
  private static final int RANDOM_BYTES = 32;

  private static final int TLS_1_2 = 0x0303;
  private static final int TLS_1_3 = 0x0304;
  private static final int ECDSA_P256_SHA256 = 0x0403;
  private static final List<Integer> SUITES_1_3 = List.of(0x1301, 0x1302, 0x1303);
  private static final List<Integer> SUITES_1_2 = List.of(0xC02B, 0xC02C); // ECDHE-ECDSA, AES-GCM
  private static final List<Integer> GROUPS = List.of(0x001D, 0x0017); // X25519, P-256

  /**
   * Reads the body of a ClientHello, that is without the handshake header. The reader index stays.
   *
   * @throws IndexOutOfBoundsException if a length in it leads beyond its end
   */
  static ClientHello parse(ByteBuf message) {
    ByteBuf in = message.duplicate();
    int legacyVersion = in.readUnsignedShort();
    in.skipBytes(RANDOM_BYTES);
    in.skipBytes(in.readUnsignedByte()); // session id
    List<Integer> suites = numbers(in.readSlice(in.readUnsignedShort()));
    in.skipBytes(in.readUnsignedByte()); // compression methods
    ByteBuf extensions = in.isReadable() ? in.readSlice(in.readUnsignedShort()) : in;
    List<Integer> versions = List.of(legacyVersion);
    List<Integer> groups = List.of();
    List<Integer> signatures = List.of();
    List<String> protocols = List.of();
    while (extensions.isReadable()) {
      int type = extensions.readUnsignedShort();
      ByteBuf data = extensions.readSlice(extensions.readUnsignedShort());
      switch (type) {
        case SUPPORTED_VERSIONS -> versions = numbers(data.readSlice(data.readUnsignedByte()));
        case SUPPORTED_GROUPS -> groups = numbers(data.readSlice(data.readUnsignedShort()));
        case SIGNATURE_ALGORITHMS -> signatures = numbers(data.readSlice(data.readUnsignedShort()));
        case ALPN -> protocols = names(data.readSlice(data.readUnsignedShort()));
        default -> {} // not needed for the choice
      }
    }
    return new ClientHello(suites, versions, groups, signatures, protocols);
  }

  private static List<Integer> numbers(ByteBuf in) {
    List<Integer> numbers = new ArrayList<>(in.readableBytes() / 2);
    while (in.isReadable()) {
      numbers.add(in.readUnsignedShort());
    }
    return numbers;
  }

  private static List<String> names(ByteBuf in) {
    List<String> names = new ArrayList<>();
    while (in.isReadable()) {
      names.add(in.readCharSequence(in.readUnsignedByte(), StandardCharsets.US_ASCII).toString());
    }
    return names;
  }

  /**
   * Whether a server with a P-256 certificate only, current suites only, and TLS 1.3 and 1.2 only
   * is sure to reach an agreement with this client.
   */
  boolean takesP256() {
    boolean suite =
        (versions.contains(TLS_1_3) && SUITES_1_3.stream().anyMatch(suites::contains))
            || (versions.contains(TLS_1_2) && SUITES_1_2.stream().anyMatch(suites::contains));
    return suite
        && signatures.contains(ECDSA_P256_SHA256)
        && GROUPS.stream().anyMatch(groups::contains);
  }
}
