package dev.gatehouse.identity;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The names and addresses by which clients reach this machine. */
final class HostNames {
  private static final Logger LOG = LoggerFactory.getLogger(HostNames.class);

  private HostNames() {}

  static List<String> names() {
    List<String> names = new ArrayList<>(List.of("localhost"));
    try {
      String host = InetAddress.getLocalHost().getHostName();
      if (host.matches("[A-Za-z0-9.-]{1,64}") && !host.matches("[0-9.]+|localhost")) {
        names.add(host);
      }
    } catch (UnknownHostException e) {
      LOG.info("event=host-name-unknown reason=\"{}\"", e.getMessage());
    }
    return names;
  }

  static List<InetAddress> addresses() throws IOException {
    Set<InetAddress> addresses = new LinkedHashSet<>();
    addresses.add(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    byte[] loopback = new byte[16];
    loopback[15] = 1;
    addresses.add(InetAddress.getByAddress(loopback));
    for (NetworkInterface card : Collections.list(NetworkInterface.getNetworkInterfaces())) {
      if (card.isUp()) {
        addresses.addAll(Collections.list(card.getInetAddresses()));
      }
    }
    return List.copyOf(addresses);
  }

  /**
   * Whether a certificate names what clients may use now. IPv6 addresses are left out: privacy
   * extensions change them each day.
   */
  static boolean covered(X509Certificate certificate) throws IOException {
    @Nullable Collection<List<?>> alternatives;
    try {
      alternatives = certificate.getSubjectAlternativeNames();
    } catch (CertificateParsingException e) {
      return false;
    }
    if (alternatives == null) {
      return false;
    }
    Set<String> known =
        alternatives.stream().map(entry -> entry.get(1).toString()).collect(Collectors.toSet());
    return known.containsAll(names())
        && addresses().stream()
            .filter(Inet4Address.class::isInstance)
            .allMatch(address -> known.contains(address.getHostAddress()));
  }
}
