package dev.gatehouse.actions.http;

import dev.gatehouse.api.outgoing.OutgoingHosts;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.apache.hc.client5.http.DnsResolver;

/** Gives the client the addresses that were checked, and no others. */
record CheckedResolver(OutgoingHosts hosts) implements DnsResolver {
  static final int HTTPS = 443;

  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    return hosts.resolve(host, HTTPS).toArray(InetAddress[]::new);
  }

  @Override
  public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
    return hosts.resolve(host, port).stream()
        .map(address -> new InetSocketAddress(address, port))
        .toList();
  }

  @Override
  public String resolveCanonicalHostname(String host) {
    return host;
  }
}
