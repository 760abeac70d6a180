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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The rights that IAM's policies give one principal; looked up again when anything has changed. */
final class EffectiveRights implements Rights {
  private final Directory directory;
  private final Documents documents;
  private final Pools pools;
  private final Principal principal;
  private final Map<String, String> variables;
  private volatile Snapshot snapshot;

  /**
   * What holds for a revision.
   *
   * @param limits what must allow it, too; null if nothing need
   */
  private record Snapshot(
      long revision,
      boolean everything,
      List<Compiled> documents,
      @Nullable List<Compiled> limits) {}

  EffectiveRights(
      Directory directory,
      Documents documents,
      Pools pools,
      Principal principal,
      PolicyVariables variables) {
    this.directory = directory;
    this.documents = documents;
    this.pools = pools;
    this.principal = principal;
    Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    all.putAll(variables.values());
    all.putAll(own(principal));
    this.variables = Collections.unmodifiableMap(all);
    this.snapshot = look();
  }

  /** The policy variables that say who somebody is (IAM User Guide: policy variables). */
  private Map<String, String> own(Principal who) {
    Map<String, String> own = new TreeMap<>();
    own.put("aws:PrincipalAccount", who.account().id());
    own.put("aws:SecureTransport", "true"); // there is no other way to sign in
    own.put("aws:userid", who.id());
    if (who instanceof Principal.User user) {
      own.put("aws:username", user.userName());
      own.put("aws:PrincipalArn", user.arn().toString());
      own.put("aws:PrincipalType", "User");
    } else if (who instanceof Principal.RoleSession session) {
      own.put("aws:PrincipalType", "AssumedRole");
      directory
          .find(who.account().id())
          .flatMap(state -> state.role(session.roleName()))
          .ifPresent(role -> own.put("aws:PrincipalArn", role.arn(who.account()).toString()));
    } else if (who instanceof Principal.CognitoIdentity identity) {
      own.put("cognito-identity.amazonaws.com:sub", identity.identityId());
      own.put(
          "cognito-identity.amazonaws.com:amr",
          identity.authenticated() ? "authenticated" : "unauthenticated");
      pools
          .poolOf(identity.identityId())
          .ifPresent(pool -> own.put("cognito-identity.amazonaws.com:aud", pool.id()));
    }
    return own;
  }

  private Snapshot look() {
    long revision = directory.revision(); // before the reading: a change meanwhile is seen next
    Optional<AccountState> state = directory.find(principal.account().id());
    List<String> texts = state.map(this::texts).orElse(List.of());
    boolean everything = state.isPresent() && administers(state.get());
    return new Snapshot(revision, everything, compiled(texts), limits(state));
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
    Snapshot current = snapshot;
    if (current.revision() != directory.revision()) {
      current = look();
      snapshot = current;
    }
    if (current.everything()) {
      return Decision.ALLOWED;
    }
    Decision own = Documents.decide(current.documents(), action, resource, variables);
    return current.limits() == null
        ? own
        : own.and(Documents.decide(current.limits(), action, resource, variables));
  }

  @Override
  public long revision() {
    return directory.revision();
  }
}
