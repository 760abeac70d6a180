package dev.gatehouse.iam;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Arn;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.identity.Rights;
import dev.gatehouse.iam.directory.Directory;
import dev.gatehouse.iam.directory.Grants;
import dev.gatehouse.iam.directory.Kind;
import dev.gatehouse.iam.directory.Role;
import dev.gatehouse.iam.directory.Tags;
import dev.gatehouse.iam.policy.Documents;
import dev.gatehouse.iam.policy.Party;
import dev.gatehouse.iam.policy.TrustPolicy;
import dev.gatehouse.iam.session.Ids;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Roles that services act as. */
final class Passing {
  private static final Logger LOG = LoggerFactory.getLogger(Passing.class);
  private static final String TRUST =
      """
      {"Version":"2012-10-17","Statement":[{"Effect":"Allow",\
      "Principal":{"Service":"%s"},"Action":"sts:AssumeRole"}]}\
      """;

  /** The actions of rules that are here need no more. */
  private static final String RULE_ACTIONS =
      """
      {"Version":"2012-10-17","Statement":[{"Effect":"Allow",\
      "Action":"iot:Publish","Resource":"arn:aws:iot:%s:%s:topic/*"},{"Effect":"Allow",\
      "Action":"s3:PutObject","Resource":"arn:aws:s3:::*"}]}\
      """;

  private final Directory directory;
  private final Documents documents;
  private final boolean makeMissing;
  private volatile Trusting trusting = new Trusting(-1, new ConcurrentHashMap<>());

  /** Which roles, by ARN and service, were there and trusted it at a revision. */
  private record Trusting(long revision, Map<String, Optional<Role>> roles) {}

  Passing(Directory directory, Documents documents, boolean makeMissing) {
    this.directory = directory;
    this.documents = documents;
    this.makeMissing = makeMissing;
  }

  /** See {@link dev.gatehouse.api.identity.Roles#pass}; by the rights of the caller. */
  CompletionStage<Void> pass(Principal caller, Rights rights, String roleArn, String service) {
    Account account = caller.account();
    Arn arn = parse(roleArn);
    if (!arn.account().equals(account.id())) {
      throw invalid("roleArn '" + roleArn + "' must be of the rule's account " + account.id());
    }
    if (!rights.decide("iam:PassRole", roleArn).allowed()) {
      throw new ServiceException(
          ErrorCode.UNAUTHORIZED,
          "%s is not allowed to do iam:PassRole on %s".formatted(caller.id(), roleArn));
    }
    Optional<Role> role = find(account, roleArn);
    if (role.isEmpty()) {
      return make(account, arn, rights, service);
    }
    if (!trusts(role.get(), service)) {
      throw invalid(
          "the trust policy of role " + roleArn + " does not let " + service + " take it");
    }
    return CompletableFuture.completedStage(null);
  }

  private static ServiceException invalid(String message) {
    return new ServiceException(ErrorCode.INVALID_REQUEST, message);
  }

  private static Arn parse(String roleArn) {
    try {
      Arn arn = Arn.parse(roleArn);
      if (arn.service().equals("iam")
          && arn.region().isEmpty()
          && arn.account().matches("\\d{12}")
          && arn.resource().matches("role/(?:[!-.0-~]+/)*[\\w+=,.@-]{1,64}")) {
        return arn;
      }
    } catch (IllegalArgumentException e) {
      throw invalid("roleArn: " + e.getMessage());
    }
    throw invalid("roleArn '" + roleArn + "' is not like arn:aws:iam::123456789012:role/name");
  }

  /**
   * Whoever could make a role with any rights gains nothing by naming one that is absent: it is
   * made for them, where they can see and narrow it.
   */
  private CompletionStage<Void> make(Account account, Arn arn, Rights rights, String service) {
    boolean may =
        rights.decide("iam:CreateRole", arn.toString()).allowed()
            && rights.decide("iam:PutRolePolicy", arn.toString()).allowed();
    if (!makeMissing || !may) {
      throw invalid("there is no role " + arn);
    }
    int slash = arn.resource().lastIndexOf('/');
    String name = arn.resource().substring(slash + 1);
    String path = arn.resource().substring("role".length(), slash + 1);
    return directory.apply(
        account,
        draft -> {
          Optional<Role> there = draft.state().role(name);
          if (there.isPresent()) { // made meanwhile, or of another path
            if (!there.get().path().equals(path) || !trusts(there.get(), service)) {
              throw invalid("there is no role " + arn + " that trusts " + service);
            }
            return;
          }
          String actions = RULE_ACTIONS.formatted(account.region(), account.id());
          draft.create(
              new Role(
                  name,
                  path,
                  Ids.next(Kind.ROLE.idPrefix()),
                  draft.nowMillis(),
                  TRUST.formatted(service),
                  "Made by the gateway, for a rule that named it when it was absent.",
                  3600,
                  Grants.NONE.put("rule-actions", actions),
                  Tags.NONE));
          draft.afterwards(() -> LOG.info("event=role-made role={} for={}", arn, service));
        });
  }

  private Optional<Role> find(Account account, String roleArn) {
    return directory.find(account.id()).flatMap(state -> state.roleOfArn(roleArn));
  }

  private boolean trusts(Role role, String service) {
    return TrustPolicy.parse(role.trust(), documents)
            .decide(new Party.Service(service), "sts:AssumeRole", Map.of())
        == TrustPolicy.Answer.TRUSTED;
  }

  /** See {@link dev.gatehouse.api.identity.Roles#session}. */
  Optional<Principal.RoleSession> session(
      Account account, String roleArn, String service, String sessionName) {
    Trusting now = trusting;
    long revision = directory.revision();
    if (now.revision() != revision) {
      now = new Trusting(revision, new ConcurrentHashMap<>());
      trusting = now;
    }
    return trusting(now.roles(), account, roleArn, service)
        .map(role -> new Principal.RoleSession(account, role.name(), role.id(), sessionName));
  }

  /** An answer is kept unless it depends on the time. */
  private Optional<Role> trusting(
      Map<String, Optional<Role>> kept, Account account, String roleArn, String service) {
    String key = roleArn + " " + service;
    Optional<Role> known = kept.get(key);
    if (known != null) {
      return known;
    }
    Optional<Role> found = find(account, roleArn);
    Optional<Role> answer = found.filter(role -> trusts(role, service));
    boolean lasts =
        found.filter(role -> TrustPolicy.parse(role.trust(), documents).asksTime()).isEmpty();
    if (lasts) {
      kept.put(key, answer);
    }
    return answer;
  }
}
