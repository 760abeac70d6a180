package dev.gatehouse.api.http;

/**
 * The names and forms that a service uses on the wire.
 *
 * @param targetPrefix the part of {@code X-Amz-Target} before the dot, and the service's name in
 *     the paths of Smithy's RPC protocol; empty for a service without
 * @param errorNamespace what stands before the {@code #} in {@code __type} of an error; empty for
 *     the plain name
 * @param xmlNamespace the namespace of its XML; empty for a service without
 * @param listStyle how arrays without a shape look in its XML
 * @param virtualHosts whether the first segment of a path may stand before the host name instead
 */
public record ServiceWire(
    String targetPrefix,
    String errorNamespace,
    String xmlNamespace,
    ListStyle listStyle,
    boolean virtualHosts) {

  /** How arrays look in XML. */
  public enum ListStyle {
    /** One element, with a {@code member} for each value. */
    MEMBERS,
    /** An element of the array's name for each value. */
    FLATTENED
  }

  static final ServiceWire PLAIN = new ServiceWire("", "", "", ListStyle.MEMBERS, false);

  ServiceWire withTarget(String prefix) {
    return new ServiceWire(prefix, errorNamespace, xmlNamespace, listStyle, virtualHosts);
  }

  ServiceWire withErrors(String namespace) {
    return new ServiceWire(targetPrefix, namespace, xmlNamespace, listStyle, virtualHosts);
  }

  ServiceWire withXml(String namespace, ListStyle style) {
    return new ServiceWire(targetPrefix, errorNamespace, namespace, style, virtualHosts);
  }

  ServiceWire withVirtualHosts() {
    return new ServiceWire(targetPrefix, errorNamespace, xmlNamespace, listStyle, true);
  }
}
