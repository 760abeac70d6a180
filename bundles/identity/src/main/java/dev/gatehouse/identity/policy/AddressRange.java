package dev.gatehouse.identity.policy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An IPv4 or IPv6 address with a prefix length, such as {@code 192.0.2.0/24}. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record AddressRange(byte[] address, int prefix) {
  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]{2,45}(%.*)?");

  /** The range that a text stands for; empty if it is none. */
  static Optional<AddressRange> parse(String text) {
    int slash = text.indexOf('/');
    byte[] address = bytes(slash < 0 ? text : text.substring(0, slash));
    if (address == null) {
      return Optional.empty();
    }
    String suffix = slash < 0 ? Integer.toString(address.length * 8) : text.substring(slash + 1);
    if (!suffix.matches("\\d{1,3}") || Integer.parseInt(suffix) > address.length * 8) {
      return Optional.empty();
    }
    return Optional.of(new AddressRange(address, Integer.parseInt(suffix)));
  }

  boolean contains(String text) {
    byte[] other = bytes(text);
    if (other == null || other.length != address.length) {
      return false;
    }
    int whole = prefix / 8;
    if (!Arrays.equals(address, 0, whole, other, 0, whole)) {
      return false;
    }
    int rest = prefix % 8;
    return rest == 0 || ((address[whole] ^ other[whole]) & 0xff) >>> (8 - rest) == 0;
  }

  /** Only literal addresses: anything else would be looked up as a name. */
  private static byte @Nullable [] bytes(String text) {
    boolean literal =
        text.indexOf(':') < 0 ? IPV4.matcher(text).matches() && octets(text) : ipv6(text);
    if (!literal) {
      return null;
    }
    try {
      int zone = text.indexOf('%'); // the card it came by does not belong to the address
      return InetAddress.getByName(zone < 0 ? text : text.substring(0, zone)).getAddress();
    } catch (UnknownHostException e) {
      return null; // colons, but not an address
    }
  }

  private static boolean ipv6(String text) {
    return IPV6.matcher(text).matches();
  }

  private static boolean octets(String text) {
    return Arrays.stream(text.split("\\.")).allMatch(octet -> Integer.parseInt(octet) < 256);
  }
}
