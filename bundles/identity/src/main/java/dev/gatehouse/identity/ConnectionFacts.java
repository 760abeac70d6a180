package dev.gatehouse.identity;

import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.registry.Thing;
import dev.gatehouse.api.registry.ThingRegistry;
import dev.gatehouse.identity.policy.Policy;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The policy variables of a connection that are looked up: what its certificate says, and the thing
 * that is named as the client is. They are looked up only if a policy asks for one, and once a
 * connection: a few rows.
 */
final class ConnectionFacts {
  static final String THING = "iot:Connection.Thing.";
  static final String CLIENT = "iot:ClientId";

  private final Certificates certificates;
  private final Supplier<@Nullable ThingRegistry> things;

  ConnectionFacts(Certificates certificates, Supplier<@Nullable ThingRegistry> things) {
    this.certificates = certificates;
    this.things = things;
  }

  /** Whether policies ask for what has to be looked up. */
  static boolean asked(List<Policy> policies) {
    return policies.stream()
        .flatMap(policy -> policy.variables().stream())
        .anyMatch(name -> begins(name, THING) || begins(name, CertificateFacts.PREFIX));
  }

  private static boolean begins(String name, String prefix) {
    return name.regionMatches(true, 0, prefix, 0, prefix.length());
  }

  /** A copy whose names ignore case, as policies do. */
  static Map<String, String> anyCase(Map<String, String> known) {
    Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    all.putAll(known);
    return all;
  }

  /** What the edge knows, and what policies ask for beyond it. */
  Known complete(Principal principal, Map<String, String> known, List<Policy> policies) {
    Known all = new Known(known);
    if (principal instanceof Principal.Certificate certificate && asked(policies)) {
      certificates
          .find(certificate.account(), certificate.certificateId())
          .map(found -> CertificateRules.read("the stored certificate", found.pem()))
          .ifPresent(read -> CertificateFacts.add(read, all));
      thing(certificate, all);
    }
    return all;
  }

  /** Of a thing that the certificate is not attached to nothing else is told. */
  private void thing(Principal.Certificate certificate, Known facts) {
    ThingRegistry registry = things.get();
    String name = facts.one(CLIENT);
    if (registry == null || name == null) {
      return;
    }
    boolean attached =
        registry.thingsOf(certificate.account(), certificate.arn().toString()).contains(name);
    facts.put(THING + "IsAttached", Boolean.toString(attached));
    if (attached) {
      registry.find(certificate.account(), name).ifPresent(thing -> add(thing, facts));
    }
  }

  private static void add(Thing thing, Known facts) {
    facts.put(THING + "ThingName", thing.name());
    thing.typeName().ifPresent(type -> facts.put(THING + "ThingTypeName", type));
    facts.putAttributes(thing.attributes());
  }
}
