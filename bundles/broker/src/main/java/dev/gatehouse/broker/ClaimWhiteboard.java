package dev.gatehouse.broker;

import dev.gatehouse.api.message.TopicClaim;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * Gives the broker the claims that come and go. A component of its own: those who claim need the
 * bus, so that the bus itself must not need them.
 */
@Component(
    service = {},
    immediate = true)
public final class ClaimWhiteboard {
  private final Claims claims;

  /** Works for the broker. */
  @Activate
  public ClaimWhiteboard(@Reference Broker broker) {
    this.claims = broker.claims();
  }

  /** A claim came. */
  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "unbind")
  public void bind(TopicClaim claim) {
    claims.add(claim);
  }

  /** A claim went: its topics are refused from now on. */
  public void unbind(TopicClaim claim) {
    claims.remove(claim);
  }
}
