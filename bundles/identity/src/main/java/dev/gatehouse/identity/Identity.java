package dev.gatehouse.identity;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.home.GatewayHome;
import dev.gatehouse.api.http.ApiModule;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Accounts;
import dev.gatehouse.api.identity.Authentication;
import dev.gatehouse.api.identity.Authenticator;
import dev.gatehouse.api.identity.Authorizer;
import dev.gatehouse.api.identity.CertificateDirectory;
import dev.gatehouse.api.identity.DefaultAccount;
import dev.gatehouse.api.identity.PolicyLanguage;
import dev.gatehouse.api.identity.PolicyTargets;
import dev.gatehouse.api.identity.PolicyVariables;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.identity.PrincipalObserver;
import dev.gatehouse.api.identity.PrincipalRights;
import dev.gatehouse.api.identity.Rights;
import dev.gatehouse.api.identity.TlsIdentity;
import dev.gatehouse.api.message.MessageBus;
import dev.gatehouse.api.registry.ThingRegistry;
import dev.gatehouse.api.store.Store;
import dev.gatehouse.identity.policy.MalformedPolicy;
import dev.gatehouse.identity.policy.Policy;
import dev.gatehouse.identity.policy.PolicyParser;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who callers are and what they may do. */
@Component(
    configurationPid = "dev.gatehouse.identity",
    immediate = true,
    service = {
      ApiModule.class,
      Authenticator.class,
      Authorizer.class,
      CertificateDirectory.class,
      DefaultAccount.class,
      Identity.class,
      PolicyLanguage.class,
      PolicyTargets.class,
      TlsIdentity.class
    })
@Designate(ocd = IdentityConfig.class)
public final class Identity
    implements ApiModule,
        Authenticator,
        Authorizer,
        CertificateDirectory,
        DefaultAccount,
        PolicyLanguage,
        PolicyTargets,
        TlsIdentity {
  private static final Logger LOG = LoggerFactory.getLogger(Identity.class);

  private final IdentitySettings settings;
  private final List<String> cipherSuites;
  private final CertificateMaker maker;
  private final Authority authority;
  private final Certificates certificates;
  private final Signers signers;
  private final JustInTime justInTime;
  private final Authentication anonymous; // one for all: thousands may be connected
  private final PolicyIndex index;
  private final Clock clock;
  private final Vetting vetting;
  private final Policies policies;
  private final GroupPolicies groups;
  private final PrincipalPolicies principalPolicies;
  private final List<ApiOperation> operations = new ArrayList<>();
  private final List<PrincipalObserver> observers = new CopyOnWriteArrayList<>();
  private volatile @Nullable ThingRegistry things;
  private volatile @Nullable MessageBus bus;
  private volatile Function<String, Optional<Account>> accounts;
  private volatile @Nullable PrincipalRights iam;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread made = new Thread(task, "gatehouse-identity-chores");
            made.setDaemon(true);
            return made;
          });

  /** Makes at first boot what is not there. */
  @Activate
  public Identity(@Reference Store store, @Reference GatewayHome home, IdentityConfig config)
      throws IOException, GeneralSecurityException {
    this(store, IdentitySettings.of(config, home), Clock.systemUTC());
    // What few clients need must not hold up the start, nor what else the chores' thread does.
    Thread making = new Thread(this::renew, "gatehouse-identity-rsa");
    making.setDaemon(true);
    making.start();
  }

  Identity(Store store, IdentitySettings settings, Clock clock)
      throws IOException, GeneralSecurityException {
    this.settings = settings;
    this.anonymous = anonymous(settings);
    this.accounts = this::ownAccount;
    this.cipherSuites = settings.cipherSuites().offered();
    this.maker = new CertificateMaker(clock);
    this.authority = new Authority(settings.directory().resolve("pki"), maker);
    this.certificates = new Certificates(store, clock);
    this.index = new PolicyIndex(store);
    this.clock = clock;
    this.vetting = new Vetting(settings.allowUnknownConditionKeys());
    this.policies = new Policies(store, clock, index, vetting);
    this.groups = new GroupPolicies(index, () -> things);
    operations.addAll(
        new CertificateOperations(
                store,
                certificates,
                policies,
                this::attachedToThing,
                authority,
                index::changed,
                this::invalidated)
            .list());
    CaCertificates cas = new CaCertificates(store, clock);
    this.signers = cas.signers();
    RegistrationEvents events = new RegistrationEvents(() -> bus, clock);
    this.justInTime = new JustInTime(certificates, signers, maker, events, clock, thread);
    operations.addAll(new CaOperations(cas, new RegistrationCodes(store), maker, clock).list());
    operations.addAll(new RegistrationOperations(certificates, cas.signers(), maker).list());
    operations.addAll(
        new TransferOperations(
                certificates, policies, this::account, this::attachedToThing, index::changed, clock)
            .list());
    operations.addAll(
        new PolicyOperations(policies, certificates, groups, this::hasIdentity).list());
    ConnectionFacts facts = new ConnectionFacts(certificates, () -> things);
    this.principalPolicies = new PrincipalPolicies(certificates, index, groups, facts, clock);
    operations.addAll(
        new AuthorizationOperations(policies, index, certificates, facts, groups, this::hasIdentity)
            .list());
    // Each hour: a clock that was set, or an address that changed, shall not wait for a day.
    thread.scheduleWithFixedDelay(this::renew, 1, 1, TimeUnit.HOURS);
  }

  @Deactivate
  void deactivate() {
    thread.shutdownNow();
  }

  private void renew() {
    try {
      authority.renewServerKeys();
      authority.renewRsaOnly();
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      LOG.error("event=server-certificate-renewal-failed next-attempt=1h", e);
    }
  }

  void addObserver(PrincipalObserver observer) {
    observers.add(observer);
  }

  void removeObserver(PrincipalObserver observer) {
    observers.remove(observer);
  }

  void setThings(ThingRegistry registry) {
    things = registry;
    index.changed();
  }

  void unsetThings(ThingRegistry registry) {
    if (things == registry) {
      things = null;
      index.changed();
    }
  }

  void setBus(MessageBus present) {
    bus = present;
  }

  void unsetBus(MessageBus gone) {
    if (bus == gone) {
      bus = null;
    }
  }

  private boolean attachedToThing(Account account, String certificateArn) {
    ThingRegistry registry = things;
    return registry != null && !registry.thingsOf(account, certificateArn).isEmpty();
  }

  /** The account of an id, if there is one. */
  private Optional<Account> account(String id) {
    return accounts.apply(id);
  }

  /** Whom certificates can be transferred to. */
  void accounts(Function<String, Optional<Account>> byId) {
    accounts = byId;
  }

  void setAccounts(Accounts known) {
    accounts(known::find);
  }

  void unsetAccounts(Accounts known) {
    accounts(this::ownAccount);
  }

  private Optional<Account> ownAccount(String id) {
    return Optional.of(settings.account()).filter(only -> only.id().equals(id));
  }

  void addIam(PrincipalRights next) {
    iam = next;
    index.changed();
  }

  void removeIam(PrincipalRights gone) {
    if (iam == gone) {
      iam = null;
      index.changed();
    }
  }

  private boolean hasIdentity(Account account, String identityId) {
    PrincipalRights known = iam;
    return known != null && known.hasIdentity(account, identityId);
  }

  /** On a thread of our own: observers close connections, and the store's threads must not wait. */
  private void invalidated(Principal principal, String reason) {
    index.changed();
    try {
      thread.execute(() -> observers.forEach(observer -> tell(observer, principal, reason)));
    } catch (RejectedExecutionException e) {
      LOG.warn("event=observers-not-told principal={} reason=\"stopping\"", principal.id());
    }
  }

  private static void tell(PrincipalObserver observer, Principal principal, String reason) {
    try {
      observer.invalidated(principal, reason);
    } catch (RuntimeException e) {
      LOG.error("event=observer-failed observer={}", observer.getClass().getName(), e);
    }
  }

  @Override
  public Account account() {
    return settings.account();
  }

  @Override
  public String name() {
    return "identity";
  }

  @Override
  public List<ApiOperation> operations() {
    return List.copyOf(operations);
  }

  @Override
  public CompletionStage<Authentication> certificate(List<X509Certificate> chain) {
    if (chain.isEmpty()) {
      return told(refused(Authentication.Reason.NO_CREDENTIALS, "no certificate was sent"));
    }
    X509Certificate leaf = chain.get(0);
    String id;
    try {
      id = Certificates.id(leaf.getEncoded());
    } catch (CertificateEncodingException e) {
      return told(
          refused(Authentication.Reason.UNKNOWN_CERTIFICATE, "the certificate has no DER form"));
    }
    Optional<Certificates.Known> known = certificates.lookUp(id);
    return known.isEmpty() ? justInTime.unknown(chain, id) : told(judge(leaf, id, known.get()));
  }

  private static CompletionStage<Authentication> told(Authentication answer) {
    return CompletableFuture.completedFuture(answer);
  }

  private Authentication judge(X509Certificate leaf, String id, Certificates.Known known) {
    if (maker.expired(leaf)) {
      return refused(
          Authentication.Reason.EXPIRED_CERTIFICATE,
          "certificate "
              + id
              + " is valid from "
              + leaf.getNotBefore().toInstant()
              + " to "
              + leaf.getNotAfter().toInstant());
    }
    Certificates.Pending pending = known.pending();
    if (pending != null) {
      return justInTime.waiting(id, known, pending);
    }
    return switch (known.status()) {
      case ACTIVE -> new Authentication.Accepted(new Principal.Certificate(known.account(), id));
      case REVOKED ->
          refused(Authentication.Reason.REVOKED_CERTIFICATE, "certificate " + id + " is revoked");
      default ->
          refused(
              Authentication.Reason.INACTIVE_CERTIFICATE, "certificate " + id + " is not active");
    };
  }

  private static Authentication refused(Authentication.Reason reason, String message) {
    return new Authentication.Refused(reason, message);
  }

  @Override
  public Authentication anonymous() {
    return anonymous;
  }

  private static Authentication anonymous(IdentitySettings settings) {
    return settings.anonymousPolicy().isEmpty()
        ? refused(
            Authentication.Reason.ANONYMOUS_NOT_ALLOWED,
            "no policy is set for clients without a certificate (anonymousPolicy)")
        : new Authentication.Accepted(
            new Principal.Anonymous(settings.account(), settings.anonymousPolicy()));
  }

  @Override
  public Rights rights(Principal principal, PolicyVariables variables) {
    boolean ofIam =
        principal instanceof Principal.User
            || principal instanceof Principal.RoleSession
            || principal instanceof Principal.CognitoIdentity;
    return ofIam
        ? new IamRights(() -> iam, index, principal, variables, clock)
        : new CompiledRights(principalPolicies, principal, variables);
  }

  @Override
  public Compiled compile(String document) {
    Policy policy;
    try {
      policy = PolicyParser.stored(document);
    } catch (MalformedPolicy e) {
      throw new ServiceException(ErrorCode.MALFORMED_POLICY, String.valueOf(e.getMessage()));
    }
    return new CompiledDocument(List.of(policy), policy.asksTime(), clock);
  }

  @Override
  public void vet(String document, String subject) {
    vetting.check(document, subject);
  }

  @Override
  public CompletionStage<Void> clear(Account account, String targetArn) {
    return policies.attached(account, targetArn).isEmpty()
        ? CompletableFuture.completedFuture(null)
        : policies.detachAll(account, targetArn);
  }

  @Override
  public boolean exists(Account account, String certificateId) {
    return certificates
        .lookUp(certificateId)
        .filter(known -> known.account().equals(account))
        .isPresent();
  }

  @Override
  public X509ExtendedKeyManager serverKeys() {
    return new ServerKeyManager(authority);
  }

  @Override
  public X509ExtendedTrustManager deviceTrust() {
    return new DeviceTrust(authority, certificates, signers);
  }

  @Override
  public List<String> protocols() {
    return List.of("TLSv1.3", "TLSv1.2");
  }

  @Override
  public List<String> cipherSuites() {
    return cipherSuites;
  }
}
