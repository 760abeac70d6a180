package dev.gatehouse.api.tag;

import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A domain whose resources may have tags. It writes those that a resource is made with, and removes
 * them with it, by {@link Tags}; whoever serves the operations on tags looks for the resource in
 * the domain's table.
 */
@ConsumerType
public interface TaggedResources {

  /**
   * The tables of the resources, by what the last part of their ARNs begins with, such as {@code
   * policy/}. A row's key is that of {@link dev.gatehouse.api.identity.Account#toString}, U+0000
   * and the rest of the ARN. It changes or goes when the resource is removed.
   */
  Map<String, String> tables();
}
