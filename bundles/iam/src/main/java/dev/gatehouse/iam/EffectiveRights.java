package dev.gatehouse.iam;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Decision;
import dev.gatehouse.api.identity.PolicyLanguage.Compiled;
import dev.gatehouse.api.identity.PolicyVariables;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.identity.Rights;
import dev.gatehouse.iam.cognito.Pools;
import dev.gatehouse.iam.directory.AccountState;
import dev.gatehouse.iam.directory.Directory;
import dev.gatehouse.iam.operation.UserOperations;
import dev.gatehouse.iam.policy.Documents;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rights that IAM's policies give one principal; looked up again when anything has changed. */
final class EffectiveRights implements Rights {
  private final Directory directory;
  private final Documents documents;
  private final Pools pools;
  private final Principal principal;
  private final PolicyVariables variables;
  private final Clock clock;
  private volatile Snapshot snapshot;

  /**
   * What holds for a revision.
   *
   * @param limits what must allow it, too; null if nothing need
   * @param variables by names that ignore case
   * @param asksTime whether what the documents say depends on the time
   */
  private record Snapshot(
      long revision,
      boolean everything,
      List<Compiled> documents,
      @Nullable List<Compiled> limits,
      Map<String, String> variables,
      boolean asksTime) {}

  EffectiveRights(
      Directory directory,
      Documents documents,
      Pools pools,
      Principal principal,
      PolicyVariables variables,
      Clock clock) {
    this.directory = directory;
    this.documents = documents;
    this.pools = pools;
    this.principal = principal;
    this.variables = variables;
    this.clock = clock;
    this.snapshot = look();
  }

  private Snapshot look() {
    long revision = directory.revision(); // before the reading: a change meanwhile is seen next
    Optional<AccountState> state = directory.find(principal.account().id());
    List<String> texts = state.map(this::texts).orElse(List.of());
    boolean everything = state.isPresent() && administers(state.get());
    List<Compiled> own = compiled(texts);
    List<Compiled> limits = limits(state);
    Map<String, String> known = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    known.putAll(variables.values());
    known.putAll(CallerFacts.of(principal, state, pools));
    boolean asksTime =
        Stream.concat(own.stream(), limits == null ? Stream.empty() : limits.stream())
            .anyMatch(Compiled::asksTime);
    return new Snapshot(
        revision, everything, own, limits, Collections.unmodifiableMap(known), asksTime);
  }

  private Snapshot current() {
    Snapshot current = snapshot;
    if (current.revision() != directory.revision()) {
      current = look();
      snapshot = current;
    }
    return current;
  }

  private List<Compiled> compiled(List<String> texts) {
    return texts.stream().map(documents::of).toList();
  }

  /** A session's policies. A managed one that is gone allows nothing. */
  private @Nullable List<Compiled> limits(Optional<AccountState> state) {
    if (!(principal instanceof Principal.RoleSession session) || session.policies().isEmpty()) {
      return null;
    }
    List<String> texts = new ArrayList<>();
    for (String policy : session.policies()) {
      if (policy.startsWith("arn:")) {
        state
            .flatMap(found -> found.policy(policy))
            .ifPresent(found -> texts.add(found.current().document()));
      } else {
        texts.add(policy);
      }
    }
    return compiled(texts);
  }

  private boolean administers(AccountState state) {
    return principal instanceof Principal.User user
        && user.userName().equals(UserOperations.ADMINISTRATOR)
        && state.user(user.userName()).filter(u -> u.id().equals(user.userId())).isPresent();
  }

  private List<String> texts(AccountState state) {
    if (principal instanceof Principal.User user) {
      return state
          .user(user.userName())
          .filter(found -> found.id().equals(user.userId()))
          .map(state::documentsOf)
          .orElse(List.of());
    }
    if (principal instanceof Principal.RoleSession session) {
      return state
          .role(session.roleName())
          .filter(found -> found.id().equals(session.roleId()))
          .map(state::documents)
          .orElse(List.of());
    }
    return principal instanceof Principal.CognitoIdentity identity
        ? identityTexts(state, identity)
        : List.of();
  }

  private List<String> identityTexts(AccountState state, Principal.CognitoIdentity identity) {
    Account account = state.account();
    return pools
        .poolOf(identity.identityId())
        .filter(pool -> pool.account().equals(account))
        .flatMap(pool -> pool.roleArn(identity.authenticated()))
        .flatMap(state::roleOfArn)
        .map(state::documents)
        .orElse(List.of());
  }

  @Override
  public Decision decide(String action, String resource) {
    Snapshot current = current();
    if (current.everything()) {
      return Decision.ALLOWED;
    }
    Map<String, String> known = current.variables();
    Decision own = Documents.decide(current.documents(), action, resource, known);
    return current.limits() == null
        ? own
        : own.and(Documents.decide(current.limits(), action, resource, known));
  }

  /** Where documents ask for the time, each moment is a revision: no answer holds for the next. */
  @Override
  public long revision() {
    Snapshot current = current();
    return current.revision() + (current.asksTime() ? clock.millis() : 0);
  }
}
