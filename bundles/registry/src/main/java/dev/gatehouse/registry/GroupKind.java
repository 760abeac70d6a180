package dev.gatehouse.registry;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Arn;

/** What differs between the two kinds of groups. */
enum GroupKind {
  THING_GROUP("thing group", "thinggroup/", "registry.thing-groups", 10),
  BILLING_GROUP("billing group", "billinggroup/", "registry.billing-groups", 1);

  final String label;
  final String arnPrefix;
  final String table;

  /** Name of a group to names of its things. */
  final String thingsByGroup;

  /** Name of a thing to names of its groups. */
  final String groupsByThing;

  /** How many a thing can be in. */
  final int perThing;

  GroupKind(String label, String arnPrefix, String table, int perThing) {
    this.label = label;
    this.arnPrefix = arnPrefix;
    this.table = table;
    this.thingsByGroup = table + "-to-things";
    this.groupsByThing = table + "-by-thing";
    this.perThing = perThing;
  }

  String arn(Account account, String name) {
    return resource(account, name).toString();
  }

  Arn resource(Account account, String name) {
    return account.arn("iot", arnPrefix + name);
  }
}
