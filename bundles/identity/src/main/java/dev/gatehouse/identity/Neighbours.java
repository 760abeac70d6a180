package dev.gatehouse.identity;

import dev.gatehouse.api.identity.Accounts;
import dev.gatehouse.api.identity.PrincipalObserver;
import dev.gatehouse.api.identity.PrincipalRights;
import dev.gatehouse.api.message.MessageBus;
import dev.gatehouse.api.registry.ThingRegistry;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * Tells identity who is there of those that need it themselves: were they its own references, each
 * start would go round in a circle.
 */
@Component(
    immediate = true,
    service = {})
public final class Neighbours {
  private final Identity identity;

  /** Tells this one. */
  @Activate
  public Neighbours(@Reference Identity identity) {
    this.identity = identity;
  }

  @Reference(
      policy = ReferencePolicy.DYNAMIC,
      cardinality = ReferenceCardinality.MULTIPLE,
      unbind = "removeObserver")
  void addObserver(PrincipalObserver observer) {
    identity.addObserver(observer);
  }

  void removeObserver(PrincipalObserver observer) {
    identity.removeObserver(observer);
  }

  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.OPTIONAL)
  void setThings(ThingRegistry registry) {
    identity.setThings(registry);
  }

  void unsetThings(ThingRegistry registry) {
    identity.unsetThings(registry);
  }

  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.OPTIONAL)
  void setBus(MessageBus bus) {
    identity.setBus(bus);
  }

  void unsetBus(MessageBus bus) {
    identity.unsetBus(bus);
  }

  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.OPTIONAL)
  void setAccounts(Accounts accounts) {
    identity.setAccounts(accounts);
  }

  void unsetAccounts(Accounts accounts) {
    identity.unsetAccounts(accounts);
  }

  @Reference(
      policy = ReferencePolicy.DYNAMIC,
      cardinality = ReferenceCardinality.OPTIONAL,
      unbind = "removeIam")
  void addIam(PrincipalRights iam) {
    identity.addIam(iam);
  }

  void removeIam(PrincipalRights iam) {
    identity.removeIam(iam);
  }
}
