package dev.gatehouse.registry;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Arn;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.tag.Tags;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/** Tags of resources, whoever they belong to, as they are in the store. */
final class TagRows {
  private static final byte OLD_FORMAT = 1; // an object of JSON

  private final Rows rows;

  TagRows(Rows rows) {
    this.rows = rows;
  }

  Tags of(Account account, Arn resource) {
    return rows.get(Tags.TABLE, Tags.key(account, resource))
        .map(TagRows::restored)
        .orElse(Tags.NONE);
  }

  private static Tags restored(byte[] row) {
    return row[0] == OLD_FORMAT ? new Tags(Attributes.map(Rows.node(row))) : Tags.restored(row);
  }

  /**
   * A resource that has tags.
   *
   * @param table where its row is
   * @param key its row's
   */
  record Resource(Arn arn, String table, byte[] key) {}

  /** Changes the tags of a resource, if it is there. */
  CompletionStage<Tags> change(Account account, Resource resource, UnaryOperator<Tags> by) {
    return rows.commit(
        () -> {
          Batch batch = new Batch().expect(resource.table(), resource.key(), require(resource));
          byte[] key = Tags.key(account, resource.arn());
          Optional<byte[]> read = rows.get(Tags.TABLE, key);
          Rows.expect(batch, Tags.TABLE, key, read);
          Tags after = by.apply(read.map(TagRows::restored).orElse(Tags.NONE));
          after.put(batch, account, resource.arn());
          return new Rows.Change<>(batch, after);
        });
  }

  /** The tags of a resource, if it is there. */
  Tags list(Account account, Resource resource) {
    require(resource);
    return of(account, resource.arn());
  }

  private byte[] require(Resource resource) {
    return rows.get(resource.table(), resource.key())
        .orElseThrow(() -> Validation.absent(resource.arn()));
  }
}
