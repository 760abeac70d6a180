package dev.gatehouse.rules.destination;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Which hosts may be called.
 *
 * @param hosts by name, name and port, or as {@code *.domain}; without a port any is meant
 */
record DestinationsConfig(List<String> hosts) {
  private static final Pattern HOST = Pattern.compile("(\\*\\.)?[a-z0-9.\\-\\[\\]:]+");

  DestinationsConfig {
    hosts = hosts.stream().map(host -> host.trim().toLowerCase(Locale.ROOT)).toList();
    for (String host : hosts) {
      if (!HOST.matcher(host).matches()) {
        throw new IllegalArgumentException(
            "dev.gatehouse.rules.destinations: hosts has '%s', not host, host:port or *.domain"
                .formatted(host));
      }
    }
  }

  static DestinationsConfig from(Settings settings) {
    return new DestinationsConfig(
        Arrays.stream(settings.hosts().split(",")).filter(host -> !host.isBlank()).toList());
  }

  /** Whether somebody who may set it has allowed the host of a URL. */
  boolean allows(URI url) {
    String host = url.getHost().toLowerCase(Locale.ROOT);
    String withPort = host + ":" + (url.getPort() < 0 ? 443 : url.getPort());
    return hosts.stream()
        .anyMatch(
            allowed ->
                allowed.startsWith("*.")
                    ? host.endsWith(allowed.substring(1))
                    : allowed.equals(host) || allowed.equals(withPort));
  }

  /** Settings of the destinations of rules. */
  @ObjectClassDefinition(name = "Gatehouse rule destinations")
  @interface Settings {
    @AttributeDefinition(
        description =
            "Hosts that may be asked to confirm that they want messages of rules: host, host:port"
                + " or *.domain, with commas between. Default none.")
    String hosts() default "";
  }
}
