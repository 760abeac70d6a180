package dev.gatehouse.iam;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Decision;
import dev.gatehouse.api.identity.PolicyLanguage.Compiled;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.identity.Rights;
import dev.gatehouse.iam.cognito.Pools;
import dev.gatehouse.iam.directory.AccountState;
import dev.gatehouse.iam.directory.Directory;
import dev.gatehouse.iam.operation.UserOperations;
import dev.gatehouse.iam.policy.Documents;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The rights that IAM's policies give one principal; looked up again when anything has changed. */
final class EffectiveRights implements Rights {
  private final Directory directory;
  private final Documents documents;
  private final Pools pools;
  private final Principal principal;
  private final Map<String, String> variables;
  private volatile Snapshot snapshot;

  private record Snapshot(long revision, boolean everything, List<Compiled> documents) {}

  EffectiveRights(
      Directory directory,
      Documents documents,
      Pools pools,
      Principal principal,
      Map<String, String> variables) {
    this.directory = directory;
    this.documents = documents;
    this.pools = pools;
    this.principal = principal;
    Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    all.putAll(variables);
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
    return new Snapshot(revision, everything, texts.stream().map(documents::of).toList());
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
        .flatMap(arn -> state.role(arn.substring(arn.lastIndexOf('/') + 1)))
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
    return current.everything()
        ? Decision.ALLOWED
        : Documents.decide(current.documents(), action, resource, variables);
  }

  @Override
  public long revision() {
    return directory.revision();
  }
}
