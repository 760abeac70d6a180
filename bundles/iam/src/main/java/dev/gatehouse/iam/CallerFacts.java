package dev.gatehouse.iam;

import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.iam.cognito.Pools;
import dev.gatehouse.iam.directory.AccountState;
import dev.gatehouse.iam.directory.Role;
import dev.gatehouse.iam.directory.Tagged;
import dev.gatehouse.iam.directory.User;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The condition keys that say who a caller is (IAM User Guide: global condition context keys, and
 * the keys of Amazon Cognito).
 */
final class CallerFacts {
  private CallerFacts() {}

  static Map<String, String> of(Principal who, Optional<AccountState> state, Pools pools) {
    Map<String, String> facts = new HashMap<>();
    facts.put("aws:PrincipalAccount", who.account().id());
    facts.put("aws:PrincipalIsAWSService", "false");
    facts.put("aws:ViaAWSService", "false");
    facts.put("aws:RequestedRegion", who.account().region());
    facts.put("aws:userid", who.id());
    if (who instanceof Principal.User user) {
      facts.put("aws:username", user.userName());
      facts.put("aws:PrincipalType", "User");
      facts.put("aws:PrincipalArn", user.arn().toString());
      state.flatMap(found -> found.user(user.userName())).ifPresent(found -> add(found, facts));
    } else if (who instanceof Principal.RoleSession session) {
      facts.put("aws:PrincipalType", "AssumedRole");
      facts.put("aws:MultiFactorAuthPresent", "false");
      state.flatMap(found -> found.role(session.roleName())).ifPresent(found -> add(found, facts));
    } else if (who instanceof Principal.CognitoIdentity identity) {
      facts.put("aws:MultiFactorAuthPresent", "false");
      add(identity, pools, facts);
    }
    state.ifPresent(found -> arn(who, found, facts));
    return facts;
  }

  private static void arn(Principal who, AccountState state, Map<String, String> facts) {
    Optional<User> user =
        who instanceof Principal.User named ? state.user(named.userName()) : Optional.empty();
    Optional<Role> role =
        who instanceof Principal.RoleSession session
            ? state.role(session.roleName())
            : Optional.empty();
    user.ifPresent(found -> facts.put("aws:PrincipalArn", found.arn(who.account()).toString()));
    role.ifPresent(found -> facts.put("aws:PrincipalArn", found.arn(who.account()).toString()));
  }

  private static void add(Tagged entity, Map<String, String> facts) {
    entity.tags().values().forEach((key, value) -> facts.put("aws:PrincipalTag/" + key, value));
  }

  private static void add(
      Principal.CognitoIdentity identity, Pools pools, Map<String, String> facts) {
    facts.put("cognito-identity.amazonaws.com:sub", identity.identityId());
    facts.put(
        "cognito-identity.amazonaws.com:amr",
        identity.authenticated() ? "authenticated" : "unauthenticated");
    pools
        .poolOf(identity.identityId())
        .ifPresent(pool -> facts.put("cognito-identity.amazonaws.com:aud", pool.id()));
  }
}
