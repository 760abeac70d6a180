package dev.gatehouse.api.outgoing;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The servers that the gateway may call on behalf of its users: one list, of the operator, for all
 * outgoing traffic. What is not on it is refused. A caller connects only to the addresses that
 * {@link #resolve} gave it, and looks a name up by nothing else, so that the address which was
 * checked is the one that is called. It follows no redirects.
 */
@ProviderType
public interface OutgoingHosts {

  /**
   * The reason why a URL may not be called, before its name is looked up.
   *
   * @return empty for an {@code https} URL of a listed host, without user and fragment
   */
  Optional<String> refusal(URI url);

  /**
   * The addresses of a host that may be connected to. Loopback, link-local, private, unique-local,
   * multicast and unspecified addresses are left out unless the host is listed with a range that
   * holds them. Blocks while the name is looked up.
   *
   * @return at least one
   * @throws UnknownHostException if the name has no address
   * @throws IllegalArgumentException if the host is not listed, or has no address that is allowed
   */
  List<InetAddress> resolve(String host, int port) throws UnknownHostException;
}
