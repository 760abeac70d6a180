package dev.gatehouse.identity;

import dev.gatehouse.api.identity.PolicyVariables;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.identity.policy.Policy;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which policies say what a principal may do. */
final class PrincipalPolicies {
  private static final List<Policy> EVERYTHING = List.of(Policy.allowingAll());

  private final Certificates certificates;
  private final PolicyIndex index;
  private final GroupPolicies groups;
  private final ConnectionFacts facts;
  private final SharedSnapshots shared = new SharedSnapshots();
  private final Clock clock;

  PrincipalPolicies(
      Certificates certificates,
      PolicyIndex index,
      GroupPolicies groups,
      ConnectionFacts facts,
      Clock clock) {
    this.clock = clock;
    this.certificates = certificates;
    this.index = index;
    this.groups = groups;
    this.facts = facts;
  }

  /** The time that policies ask for. */
  Instant now() {
    return clock.instant();
  }

  /** The index moves on when the registry comes or goes, so no sum is met twice. */
  long revision() {
    return (index.revision() << 32) + groups.revision();
  }

  /**
   * What holds now.
   *
   * @param before what held for the same connection, if anything did
   */
  Snapshot now(Principal principal, PolicyVariables variables, @Nullable Snapshot before) {
    long revision = revision(); // before the reading: a change meanwhile is seen next time
    Snapshot.Shared now = shared.of(this, revision, policiesOf(principal, variables));
    if (before instanceof Snapshot.LookedUp known) {
      return new Snapshot.LookedUp(now, known.variables());
    }
    return principal instanceof Principal.Certificate && now.asksFacts()
        ? new Snapshot.LookedUp(now, facts.complete(principal, variables.values(), now.policies()))
        : now;
  }

  /** None for those that have no rights yet. */
  private List<Policy> policiesOf(Principal principal, PolicyVariables variables) {
    if (principal instanceof Principal.Component) {
      return EVERYTHING;
    }
    if (principal instanceof Principal.Certificate certificate) {
      return active(certificate) ? policiesOf(certificate, variables) : List.of();
    }
    if (principal instanceof Principal.Anonymous anonymous) {
      return index.policy(anonymous.account(), anonymous.policyName()).stream().toList();
    }
    return List.of();
  }

  private boolean active(Principal.Certificate certificate) {
    return certificates
        .lookUp(certificate.certificateId())
        .filter(known -> known.account().equals(certificate.account()))
        .filter(known -> known.status() == DeviceCertificate.Status.ACTIVE)
        .isPresent();
  }

  private List<Policy> policiesOf(Principal.Certificate certificate, PolicyVariables variables) {
    String arn = certificate.arn().toString();
    List<Policy> own = index.effective(certificate.account(), arn);
    if (!index.onGroups(certificate.account())) {
      return own;
    }
    List<Policy> all = new ArrayList<>(own);
    groups
        .targets(certificate.account(), arn, variables.values().get(ConnectionFacts.CLIENT))
        .forEach(group -> all.addAll(index.effective(certificate.account(), group)));
    return all;
  }
}
