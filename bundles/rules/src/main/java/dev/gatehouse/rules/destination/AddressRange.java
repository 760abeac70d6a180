package dev.gatehouse.rules.destination;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * A range of addresses, such as {@code 192.168.1.0/24} or {@code fd00::/8} (RFC 4632).
 *
 * @param network the first address
 * @param bits that all addresses of the range have in common
 */
record AddressRange(InetAddress network, int bits) {
  /** An address as digits, which is not looked up. */
  private static final Pattern LITERAL = Pattern.compile("[0-9.]+|[0-9a-f:.]*:[0-9a-f:.]*");

  /**
   * Reads a range.
   *
   * @throws IllegalArgumentException if it is none
   */
  static AddressRange parse(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    if (slash < 0 || !LITERAL.matcher(address).matches()) {
      throw new IllegalArgumentException("'" + text + "' is no range such as 192.168.1.0/24");
    }
    try {
      InetAddress network = InetAddress.getByName(address);
      int bits = Integer.parseInt(text.substring(slash + 1));
      if (bits < 0 || bits > network.getAddress().length * 8) {
        throw new IllegalArgumentException("'" + text + "' has " + bits + " bits");
      }
      return new AddressRange(network, bits);
    } catch (UnknownHostException | NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is no range such as 192.168.1.0/24", e);
    }
  }

  boolean contains(InetAddress address) {
    byte[] one = network.getAddress();
    byte[] other = address.getAddress();
    if (one.length != other.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> (bit % 8);
      if ((one[bit / 8] & mask) != (other[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }
}
