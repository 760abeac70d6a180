package dev.gatehouse.identity.policy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** An IPv4 or IPv6 address with a prefix length, such as {@code 192.0.2.0/24}. */
record AddressRange(byte[] address, int prefix) {

  static AddressRange parse(String text) {
    int slash = text.indexOf('/');
    byte[] address = bytes(slash < 0 ? text : text.substring(0, slash));
    int bits = address.length * 8;
    int prefix = slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1));
    if (prefix < 0 || prefix > bits) {
      throw new IllegalArgumentException("'" + text + "': the prefix length is not 0 to " + bits);
    }
    return new AddressRange(address, prefix);
  }

  boolean contains(String text) {
    byte[] other;
    try {
      other = bytes(text);
    } catch (IllegalArgumentException e) {
      return false;
    }
    if (other.length != address.length) {
      return false;
    }
    int whole = prefix / 8;
    if (!Arrays.equals(address, 0, whole, other, 0, whole)) {
      return false;
    }
    int rest = prefix % 8;
    return rest == 0 || ((address[whole] ^ other[whole]) & 0xff) >>> (8 - rest) == 0;
  }

  /** Only literal addresses: a name would be looked up. */
  private static byte[] bytes(String text) {
    boolean address = text.indexOf('.') >= 0 || text.indexOf(':') >= 0;
    if (!address || !text.matches("[0-9.]{7,15}|[0-9a-fA-F:.]{2,45}(%.*)?")) {
      throw new IllegalArgumentException("'" + text + "' is not an IP address");
    }
    try {
      return InetAddress.getByName(text).getAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("'" + text + "' is not an IP address", e);
    }
  }
}
