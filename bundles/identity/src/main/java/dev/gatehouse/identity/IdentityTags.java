package dev.gatehouse.identity;

import dev.gatehouse.api.tag.TaggedResources;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Policies and CA certificates may have tags. */
@Component
public final class IdentityTags implements TaggedResources {
  /** Needs nobody. */
  @Activate
  public IdentityTags() {}

  @Override
  public Map<String, String> tables() {
    return Map.of("policy/", PolicyIndex.POLICIES, "cacert/", CaCertificates.TABLE);
  }
}
