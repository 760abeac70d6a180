package dev.gatehouse.registry;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.store.Batch;
import java.util.Optional;

/** Billing groups: a thing is in one at most. */
final class BillingGroups extends Groups {

  BillingGroups(Rows rows, Things things, TagRows tags) {
    super(GroupKind.BILLING_GROUP, rows, things, tags);
  }

  /** The group that a thing is in. */
  Optional<String> of(Account account, String thing) {
    return groups(account, thing, "", 1).stream().findFirst();
  }

  /** The batch makes a thing, in a group. */
  void join(Batch batch, Account account, String thing, String group) {
    join(batch, account, thing, require(account, group));
  }
}
