package dev.gatehouse.rules.destination;

import dev.gatehouse.api.outgoing.OutgoingHosts;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The servers that may be called. */
record DestinationsConfig(List<AllowedHost> hosts) implements OutgoingHosts {
  static final String PID = "dev.gatehouse.rules.destinations";
  private static final int HTTPS = 443;

  static DestinationsConfig of(List<String> entries) {
    try {
      return new DestinationsConfig(entries.stream().map(AllowedHost::parse).toList());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(PID + ": hosts: " + e.getMessage(), e);
    }
  }

  static DestinationsConfig from(Settings settings) {
    return of(Arrays.stream(settings.hosts().split(",")).filter(host -> !host.isBlank()).toList());
  }

  @Override
  public Optional<String> refusal(URI url) {
    String host = url.getHost();
    boolean fits =
        "https".equalsIgnoreCase(url.getScheme())
            && host != null
            && url.getRawUserInfo() == null
            && url.getRawFragment() == null;
    if (!fits) {
      return Optional.of("must be https://HOST…, without user and fragment");
    }
    if (host.startsWith("[")) {
      return Optional.of("must not name an IPv6 address");
    }
    int port = url.getPort() < 0 ? HTTPS : url.getPort();
    return entries(host, port).isEmpty() ? Optional.of(notListed(host, port)) : Optional.empty();
  }

  @Override
  public List<InetAddress> resolve(String host, int port) throws UnknownHostException {
    List<AllowedHost> entries = entries(host, port);
    if (entries.isEmpty()) {
      throw new IllegalArgumentException("the host " + notListed(host, port));
    }
    List<InetAddress> found = List.of(InetAddress.getAllByName(host));
    List<InetAddress> allowed =
        found.stream()
            .filter(address -> entries.stream().anyMatch(entry -> entry.allows(address)))
            .toList();
    if (allowed.isEmpty()) {
      throw new IllegalArgumentException(
          "%s has only addresses that are not of the Internet (%s): list it in hosts of %s with the range that they are in, as %s=RANGE"
              .formatted(host, found.get(0).getHostAddress(), PID, host));
    }
    return allowed;
  }

  private List<AllowedHost> entries(String host, int port) {
    String name = host.toLowerCase(Locale.ROOT);
    return hosts.stream().filter(entry -> entry.covers(name, port)).toList();
  }

  private static String notListed(String host, int port) {
    return "%s:%d is not allowed: add it to hosts of %s".formatted(host, port, PID);
  }

  /** Settings of the destinations of rules. */
  @ObjectClassDefinition(name = "Gatehouse rule destinations")
  @interface Settings {
    @AttributeDefinition(
        description =
            "Hosts that may be called for users: HOST, HOST:PORT or *.DOMAIN, with commas between."
                + " A host with addresses of a private network has them behind it, as"
                + " hooks.lan.example=192.168.1.0/24. Default none.")
    String hosts() default "";
  }
}
