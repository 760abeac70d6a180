package dev.gatehouse.rules.destination;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the list of hosts: {@code HOST[:PORT][=RANGE]}, or {@code *.DOMAIN} as the host.
 *
 * @param name lower case; with {@code *.} before it for all hosts of a domain
 * @param port that may be called, 0 for any
 * @param range of addresses that it may have although the Internet does not route them
 */
record AllowedHost(String name, int port, @Nullable AddressRange range) {
  private static final Pattern FORM =
      Pattern.compile("((?:\\*\\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::(\\d{1,5}))?(?:=(\\S+))?");

  /**
   * Reads an entry.
   *
   * @throws IllegalArgumentException if it has another form
   */
  static AllowedHost parse(String entry) {
    String text = entry.trim().toLowerCase(Locale.ROOT);
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not HOST, HOST:PORT or *.DOMAIN, with =RANGE behind it if need be");
    }
    int port = form.group(2) == null ? 0 : Integer.parseInt(form.group(2));
    String range = form.group(3);
    return new AllowedHost(form.group(1), port, range == null ? null : AddressRange.parse(range));
  }

  /** Whether the entry is about a host, which is in lower case. */
  boolean covers(String host, int atPort) {
    boolean named = name.startsWith("*.") ? host.endsWith(name.substring(1)) : name.equals(host);
    return named && (port == 0 || port == atPort);
  }

  boolean allows(InetAddress address) {
    return isPublic(address) || (range != null && range.contains(address));
  }

  private static boolean isPublic(InetAddress address) {
    if (address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isAnyLocalAddress()
        || address.isMulticastAddress()) {
      return false;
    }
    byte[] bytes = address.getAddress();
    if (address instanceof Inet6Address) {
      // fc00::/7; 2002::/16, 64:ff9b::/96 and ::/96 carry an IPv4 address
      boolean carriesOther =
          (bytes[0] == 0x20 && bytes[1] == 0x02)
              || (bytes[0] == 0 && bytes[1] == 0x64 && (bytes[2] & 0xff) == 0xff)
              || (bytes[0] == 0 && bytes[1] == 0);
      return (bytes[0] & 0xfe) != 0xfc && !carriesOther;
    }
    // 0.0.0.0/8, 100.64.0.0/10, 192.0.0.0/24, 198.18.0.0/15, 240.0.0.0/4 (RFC 6890)
    int first = bytes[0] & 0xff;
    int second = bytes[1] & 0xff;
    return first != 0
        && first < 240
        && !(first == 100 && (second & 0xc0) == 64)
        && !(first == 192 && second == 0 && bytes[2] == 0)
        && !(first == 198 && (second & 0xfe) == 18);
  }
}
