package dev.gatehouse.iam;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.home.GatewayHome;
import dev.gatehouse.api.http.ApiModule;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Accounts;
import dev.gatehouse.api.identity.Decision;
import dev.gatehouse.api.identity.DefaultAccount;
import dev.gatehouse.api.identity.PolicyLanguage;
import dev.gatehouse.api.identity.PolicyVariables;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.identity.PrincipalObserver;
import dev.gatehouse.api.identity.PrincipalRights;
import dev.gatehouse.api.identity.Rights;
import dev.gatehouse.api.identity.Roles;
import dev.gatehouse.api.identity.SigningKeys;
import dev.gatehouse.api.store.Store;
import dev.gatehouse.iam.cognito.Identities;
import dev.gatehouse.iam.cognito.IdentityOperations;
import dev.gatehouse.iam.cognito.KeySets;
import dev.gatehouse.iam.cognito.PoolOperations;
import dev.gatehouse.iam.cognito.Pools;
import dev.gatehouse.iam.directory.AccountState;
import dev.gatehouse.iam.directory.Directory;
import dev.gatehouse.iam.operation.GrantOperations;
import dev.gatehouse.iam.operation.GroupOperations;
import dev.gatehouse.iam.operation.KeyOperations;
import dev.gatehouse.iam.operation.ManagedPolicyOperations;
import dev.gatehouse.iam.operation.RoleOperations;
import dev.gatehouse.iam.operation.StsOperations;
import dev.gatehouse.iam.operation.TagOperations;
import dev.gatehouse.iam.operation.UserOperations;
import dev.gatehouse.iam.policy.Documents;
import dev.gatehouse.iam.service.IamErrors;
import dev.gatehouse.iam.session.KeyUses;
import dev.gatehouse.iam.session.Seal;
import dev.gatehouse.iam.session.SecretFiles;
import dev.gatehouse.iam.session.SecretKeys;
import dev.gatehouse.iam.session.Sessions;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;

/** Users, groups and roles of every account, their keys, their sessions, and their rights. */
@Component(
    configurationPid = "dev.gatehouse.iam",
    immediate = true,
    service = {
      Accounts.class,
      ApiModule.class,
      PrincipalRights.class,
      Roles.class,
      SigningKeys.class
    })
@Designate(ocd = IamConfig.class)
public final class Iam implements Accounts, ApiModule, PrincipalRights, Roles, SigningKeys {
  private final Directory directory;
  private final Documents documents;
  private final SecretKeys secrets;
  private final Sessions sessions;
  private final KeyUses uses;
  private final Passing passing;
  private final Pools pools;
  private final Account first;
  private final Executor tellers;
  private final Clock clock;
  private final dev.gatehouse.iam.directory.AccessKey nobodys;
  private final List<ApiOperation> operations = new ArrayList<>();
  private final List<PrincipalObserver> observers = new CopyOnWriteArrayList<>();

  /** Makes at first boot what is not there. */
  @Activate
  public Iam(
      @Reference Store store,
      @Reference PolicyLanguage language,
      @Reference DefaultAccount account,
      @Reference GatewayHome home,
      IamConfig config)
      throws IOException, GeneralSecurityException {
    this(
        store,
        language,
        account.account(),
        IamSettings.of(config, home),
        Clock.systemUTC(),
        Iam::onItsOwnThread);
  }

  /** Observers close connections, and the store's threads must not wait. */
  private static void onItsOwnThread(Runnable telling) {
    Thread thread = new Thread(telling, "gatehouse-iam-observers");
    thread.setDaemon(true);
    thread.start();
  }

  Iam(
      Store store,
      PolicyLanguage language,
      Account account,
      IamSettings settings,
      Clock clock,
      Executor tellers)
      throws IOException, GeneralSecurityException {
    this.tellers = tellers;
    this.clock = clock;
    first = account;
    directory = new Directory(store, clock, account);
    documents = new Documents(language);
    Path directoryOfSecrets = SecretFiles.directory(settings.directory().resolve("secrets"));
    Path sealFile = directoryOfSecrets.resolve("seal.key");
    boolean sealing =
        directory.accounts().stream().anyMatch(state -> !state.users().isEmpty())
            || store.table("identity.access-keys").size() > 0;
    Seal seal = new Seal(sealFile, sealing);
    secrets = new SecretKeys(seal);
    sessions = new Sessions(seal, clock);
    uses = new KeyUses(store, clock, keyId -> directory.key(keyId).isPresent());
    passing = new Passing(directory, documents, settings.makeMissingRoles());
    Identities identities = new Identities(store, account, directory::changed);
    KeySets keySets = new KeySets(settings.openIdIssuers(), clock);
    pools = identities;
    Administrator.ensure(
        directory, account, secrets, store, directoryOfSecrets.resolve("admin.env"));
    checkSeal(sealFile);
    nobodys = secrets.nobodys();
    operations.addAll(new UserOperations(directory, this::gone).list());
    operations.addAll(new KeyOperations(directory, secrets, uses, this::withdrawn).list());
    operations.addAll(new GroupOperations(directory).list());
    operations.addAll(new RoleOperations(directory, documents).list());
    operations.addAll(new ManagedPolicyOperations(directory, documents).list());
    operations.addAll(new GrantOperations(directory, documents).list());
    operations.addAll(new TagOperations(directory).list());
    operations.addAll(new StsOperations(directory, documents, sessions, this).list());
    operations.addAll(new PoolOperations(identities, keySets, this).list());
    operations.addAll(
        new IdentityOperations(identities, keySets, directory, documents, sessions, clock).list());
  }

  private void checkSeal(Path sealFile) throws GeneralSecurityException {
    for (AccountState state : directory.accounts()) {
      for (var user : state.users()) {
        for (var key : user.keys()) {
          try {
            secrets.secret(key);
          } catch (GeneralSecurityException e) {
            throw new GeneralSecurityException(
                sealFile
                    + " is not the key that the store's access keys are sealed with; restore it",
                e);
          }
        }
      }
    }
  }

  @Reference(
      policy = ReferencePolicy.DYNAMIC,
      cardinality = ReferenceCardinality.MULTIPLE,
      unbind = "removeObserver")
  void addObserver(PrincipalObserver observer) {
    observers.add(observer);
  }

  void removeObserver(PrincipalObserver observer) {
    observers.remove(observer);
  }

  private void gone(Principal user) {
    tellers.execute(
        () -> observers.forEach(observer -> observer.invalidated(user, "user deleted")));
  }

  private void withdrawn(String accessKeyId, String reason) {
    tellers.execute(
        () -> observers.forEach(observer -> observer.keyInvalidated(accessKeyId, reason)));
  }

  @Override
  public String name() {
    return "iam";
  }

  @Override
  public List<ApiOperation> operations() {
    return List.copyOf(operations);
  }

  @Override
  public Rights rights(Principal principal, PolicyVariables variables) {
    return new EffectiveRights(directory, documents, pools, principal, variables, clock);
  }

  @Override
  public boolean hasIdentity(Account account, String identityId) {
    return pools.poolOf(identityId).filter(pool -> pool.account().equals(account)).isPresent();
  }

  @Override
  public CompletionStage<Void> pass(
      Principal caller, Map<String, String> variables, String roleArn, String service) {
    Map<String, String> keys = new HashMap<>(variables);
    keys.put("iam:PassedToService", service);
    return passing.pass(caller, passingRights(caller, keys), roleArn, service);
  }

  private Rights passingRights(Principal caller, Map<String, String> variables) {
    return caller instanceof Principal.Component
        ? new Everything()
        : rights(caller, () -> variables);
  }

  /** A part of the gateway, such as its console. */
  private record Everything() implements Rights {
    @Override
    public Decision decide(String action, String resource) {
      return Decision.ALLOWED;
    }

    @Override
    public long revision() {
      return 0;
    }
  }

  @Override
  public Optional<Principal.RoleSession> session(
      Account account, String roleArn, String service, String sessionName) {
    return passing.session(account, roleArn, service, sessionName);
  }

  @Override
  public List<Listed> list() {
    return directory.accounts().stream()
        .map(state -> new Listed(state.account(), state.name()))
        .toList();
  }

  @Override
  public Optional<Account> find(String accountId) {
    return directory.find(accountId).map(AccountState::account);
  }

  @Override
  public CompletionStage<AccessKey> create(String accountId, String name) {
    if (name.isBlank() || name.length() > 50) {
      throw new ServiceException(
          IamErrors.INVALID_INPUT, "an account's name has 1 to 50 characters, not '" + name + "'");
    }
    Account account;
    try {
      account = new Account(accountId, first.region());
    } catch (IllegalArgumentException e) {
      throw new ServiceException(IamErrors.INVALID_INPUT, String.valueOf(e.getMessage()));
    }
    return directory.create(account, name, draft -> Administrator.make(draft, secrets));
  }

  @Override
  public Optional<SigningKey> signingKey(
      String accessKeyId,
      String date,
      String region,
      String service,
      @Nullable String sessionToken) {
    if (sessionToken != null) {
      return sessionKey(accessKeyId, date, region, service, sessionToken);
    }
    // An unknown or inactive one costs the same work, so that the time does not tell which exist;
    // hence nothing derived is kept either.
    Optional<Directory.KeyOwner> owner =
        directory.key(accessKeyId).filter(found -> found.key().active());
    byte[] derived =
        secrets.signingKey(
            owner.map(Directory.KeyOwner::key).orElse(nobodys), date, region, service);
    return owner.map(
        found ->
            new SigningKey(
                new Principal.User(found.account(), found.user().name(), found.user().id()),
                derived));
  }

  private Optional<SigningKey> sessionKey(
      String accessKeyId, String date, String region, String service, String token) {
    Optional<Sessions.Session> session =
        sessions
            .open(token)
            .filter(found -> found.accessKeyId().equals(accessKeyId))
            .filter(found -> stillThere(found.principal()));
    if (session.isPresent() && sessions.ended(session.get())) {
      throw new ServiceException(
          ErrorCode.EXPIRED_TOKEN,
          "The security token included in the request is expired since " + session.get().end());
    }
    return session.map(
        found ->
            new SigningKey(
                found.principal(),
                Sessions.signingKey(found, date, region, service),
                found.issued()));
  }

  private boolean stillThere(Principal principal) {
    if (principal instanceof Principal.RoleSession session) {
      return directory
          .find(session.account().id())
          .flatMap(state -> state.role(session.roleName()))
          .filter(role -> role.id().equals(session.roleId()))
          .isPresent();
    }
    return hasIdentity(principal.account(), principal.id());
  }

  @Override
  public void used(String accessKeyId, String region, String service) {
    if (directory.key(accessKeyId).isPresent()) {
      uses.used(accessKeyId, region, service);
    }
  }
}
