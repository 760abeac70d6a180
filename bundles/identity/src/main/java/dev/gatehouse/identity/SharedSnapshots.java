package dev.gatehouse.identity;

import dev.gatehouse.identity.policy.Policy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The snapshots of one revision by their policies, so that a fleet with the same ones holds one. An
 * older revision's are forgotten here when somebody asks at another one, and live on with whoever
 * holds them. Thread-safe.
 */
final class SharedSnapshots {
  /** A fleet with a policy for each device shares nothing, and shall not pile up here. */
  static final int KEPT = 128;

  private volatile Generation latest = new Generation(0);

  /** Policies are equal only to themselves. */
  private record Generation(long revision, Map<List<Policy>, Snapshot.Shared> byPolicies) {
    Generation(long revision) {
      this(revision, new ConcurrentHashMap<>());
    }
  }

  /** The one for some policies, read at a revision or after it. */
  Snapshot.Shared of(PrincipalPolicies source, long revision, List<Policy> policies) {
    Generation generation = latest;
    if (generation.revision() != revision) {
      // Who read the revision earlier may come later: that costs a few snapshots, no wrong one.
      generation = new Generation(revision);
      latest = generation;
    }
    Map<List<Policy>, Snapshot.Shared> known = generation.byPolicies();
    Snapshot.Shared found = known.get(policies);
    if (found != null) {
      return found;
    }
    if (known.size() >= KEPT) {
      known.clear();
    }
    Snapshot.Shared made = Snapshot.Shared.of(source, revision, policies);
    Snapshot.Shared other = known.putIfAbsent(made.policies(), made);
    return other == null ? made : other;
  }

  /** How many are kept. */
  int size() {
    return latest.byPolicies().size();
  }
}
