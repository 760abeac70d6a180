package dev.gatehouse.registry;

import dev.gatehouse.api.http.ApiModule;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.ActingRoles;
import dev.gatehouse.api.identity.Authorizer;
import dev.gatehouse.api.identity.CertificateDirectory;
import dev.gatehouse.api.identity.PolicyTargets;
import dev.gatehouse.api.identity.Roles;
import dev.gatehouse.api.message.MessageBus;
import dev.gatehouse.api.registry.Thing;
import dev.gatehouse.api.registry.ThingRegistry;
import dev.gatehouse.api.rules.function.FunctionSet;
import dev.gatehouse.api.rules.function.FunctionSignature;
import dev.gatehouse.api.store.Store;
import dev.gatehouse.api.tag.TaggedResources;
import dev.gatehouse.api.telemetry.Metric;
import dev.gatehouse.api.telemetry.MetricSource;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** The thing registry. */
@Component(
    immediate = true,
    service = {ThingRegistry.class, ApiModule.class, FunctionSet.class, MetricSource.class})
public final class Registry implements ThingRegistry, ApiModule, FunctionSet, MetricSource {
  private static final int LIMIT = 10_000;

  private final Things things;
  private final Principals principals;
  private final ThingGroups groups;
  private final AtomicLong revision = new AtomicLong();
  private final List<ApiOperation> operations = new ArrayList<>();
  private final RegistryFunction function;
  private final Events events;
  private final TagOperations ofTags;
  private final ActingRoles roles;

  /** Works on a store. */
  @Activate
  public Registry(
      @Reference Store store,
      @Reference CertificateDirectory certificates,
      @Reference PolicyTargets policies,
      @Reference Authorizer authorizer) {
    this(store, certificates, policies, authorizer, Clock.systemUTC());
  }

  Registry(
      Store store,
      CertificateDirectory certificates,
      PolicyTargets policies,
      Authorizer authorizer,
      Clock clock) {
    roles = new ActingRoles(authorizer);
    Rows rows = new Rows(store);
    TagRows tags = new TagRows(rows);
    EventSettings eventSettings = new EventSettings(rows, clock);
    events = new Events(rows, eventSettings, clock);
    rows.tell(events::committed);
    ThingTypes types = new ThingTypes(rows, tags, clock, events);
    things = new Things(rows, types, events);
    principals = new Principals(rows, things, revision);
    things.add(principals);
    groups = new ThingGroups(rows, things, tags, policies, revision, events);
    things.add(groups);
    BillingGroups billingGroups = new BillingGroups(rows, things, tags);
    things.add(billingGroups);
    ThingOperations ofThings = new ThingOperations(things, billingGroups);
    MemberOperations ofMembers = new MemberOperations(things, groups);
    function = new RegistryFunction(ofThings, ofMembers, roles);
    operations.addAll(ofThings.list());
    operations.addAll(new ThingTypeOperations(types).list());
    operations.addAll(new PrincipalOperations(things, principals, certificates).list());
    operations.addAll(new ThingGroupOperations(groups, clock).list());
    operations.addAll(ofMembers.list());
    operations.addAll(new BillingGroupOperations(billingGroups, clock).list());
    ofTags = new TagOperations(tags);
    operations.addAll(ofTags.list());
    operations.addAll(new LoggingOperations(new Logging(rows)).list());
    operations.addAll(eventSettings.operations());
  }

  @Reference(
      policy = ReferencePolicy.DYNAMIC,
      cardinality = ReferenceCardinality.OPTIONAL,
      unbind = "removeRoles")
  void addRoles(Roles next) {
    roles.add(next);
  }

  void removeRoles(Roles gone) {
    roles.remove(gone);
  }

  @Reference(
      policy = ReferencePolicy.DYNAMIC,
      cardinality = ReferenceCardinality.OPTIONAL,
      unbind = "removeBus")
  void addBus(MessageBus next) {
    events.to(next);
  }

  void removeBus(MessageBus gone) {
    events.unless(gone);
  }

  @Reference(
      policy = ReferencePolicy.DYNAMIC,
      cardinality = ReferenceCardinality.MULTIPLE,
      unbind = "removeTagged")
  void addTagged(TaggedResources domain) {
    ofTags.add(domain);
  }

  void removeTagged(TaggedResources domain) {
    ofTags.remove(domain);
  }

  @Override
  public Optional<Thing> find(Account account, String thingName) {
    return things.find(account, thingName);
  }

  @Override
  public Set<String> thingsOf(Account account, String principalArn) {
    return Set.copyOf(principals.thingsOf(account, principalArn, "", LIMIT));
  }

  @Override
  public List<FunctionSignature> functions() {
    return List.of(RegistryFunction.SIGNATURE);
  }

  @Override
  @SuppressWarnings("NullAway") // it loses the nullness of array elements in class files
  public CompletionStage<byte @Nullable []> call(
      Account account, String name, List<byte @Nullable []> arguments) {
    return function.call(account, arguments);
  }

  @Override
  public boolean isAttached(Account account, String principalArn, String thingName) {
    return principals.attached(account, principalArn, thingName);
  }

  @Override
  public List<String> groupsOf(Account account, String thingName) {
    return groups.of(account, thingName);
  }

  @Override
  public List<String> groupPath(Account account, String groupName) {
    return groups.path(account, groupName);
  }

  @Override
  public long revision() {
    return revision.get();
  }

  @Override
  public String name() {
    return "registry";
  }

  @Override
  public List<ApiOperation> operations() {
    return List.copyOf(operations);
  }

  @Override
  public List<Metric> metrics() {
    return List.of(Metric.gauge("registry_things", things.size()));
  }
}
