package dev.gatehouse.api.rules.action;

import java.util.List;

/**
 * The resource that one message goes to.
 *
 * @param name of the bucket, topic, table, …, as failures report it
 * @param rights that the role needs there, all of them; empty for an action that needs none
 */
public record ActionTarget(String name, List<RequiredRight> rights) {
  /** Copies the list. */
  public ActionTarget {
    rights = List.copyOf(rights);
  }
}
