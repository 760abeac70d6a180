package dev.gatehouse.registry;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.registry.Thing;
import dev.gatehouse.api.store.Batch;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/** Which principals are attached to which things, from both sides. */
final class Principals implements Things.Relation {
  static final String BY_THING = "registry.principals-by-thing";
  static final String BY_PRINCIPAL = "registry.things-by-principal";

  private final Rows rows;
  private final Things things;
  private final AtomicLong revision;

  /** Attachments; {@code revision} grows after each change. */
  Principals(Rows rows, Things things, AtomicLong revision) {
    this.revision = revision;
    this.rows = rows;
    this.things = things;
  }

  List<String> of(Account account, String thing, String from, int limit) {
    return rows.page(BY_THING, Rows.key(account, thing, ""), from, limit);
  }

  List<String> thingsOf(Account account, String principal, String from, int limit) {
    return rows.page(BY_PRINCIPAL, Rows.key(account, principal, ""), from, limit);
  }

  boolean attached(Account account, String principal, String thing) {
    return rows.has(BY_PRINCIPAL, Rows.key(account, principal, thing));
  }

  /** Attaches a principal; has no effect if it is attached already. */
  CompletionStage<Thing> attach(Account account, String name, String principal) {
    return rows.commit(
            () -> {
              Thing thing = things.require(account, name);
              Batch batch = new Batch();
              Things.relate(batch, account, thing);
              batch
                  .put(BY_THING, Rows.key(account, name, principal), Rows.NOTHING)
                  .put(BY_PRINCIPAL, Rows.key(account, principal, name), Rows.NOTHING);
              return new Rows.Change<>(batch, thing);
            })
        .whenComplete((done, failure) -> revision.incrementAndGet());
  }

  CompletionStage<Thing> detach(Account account, String name, String principal) {
    return rows.commit(
            () ->
                new Rows.Change<>(
                    new Batch()
                        .delete(BY_THING, Rows.key(account, name, principal))
                        .delete(BY_PRINCIPAL, Rows.key(account, principal, name)),
                    things.require(account, name)))
        .whenComplete((done, failure) -> revision.incrementAndGet());
  }

  /** Principals are detached before a thing goes: a device may be using them. */
  @Override
  public void end(Batch batch, Account account, String thing) {
    if (!of(account, thing, "", 1).isEmpty()) {
      throw Validation.invalid(
          "Cannot delete. Thing " + thing + " is still attached to one or more principals");
    }
  }
}
