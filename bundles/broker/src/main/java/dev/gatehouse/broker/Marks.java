package dev.gatehouse.broker;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.store.Batch;
import java.util.concurrent.CompletionStage;

/** The stored packet ids of QoS 2 messages that are under way to one session. */
record Marks(Ledger ledger, Account account, String clientId) {
  private static final int VERSION = 1;

  /**
   * A row.
   *
   * @param released whether the client received the message
   */
  record Row(int packetId, boolean released) {}

  void put(Batch batch, long number, int packetId, boolean released) {
    byte[] row =
        new RowWriter(6).oneByte(VERSION).oneByte(released ? 1 : 0).number(packetId).toBytes();
    batch.put(Keys.UNDER_WAY, key(number), row);
  }

  static Row read(byte[] value) {
    RowReader row = new RowReader(value, VERSION);
    boolean released = row.oneByte() != 0;
    int packetId = row.number();
    if (packetId < 1 || packetId > InFlight.MOST) {
      throw new RowReader.BadRowException("packet id " + packetId);
    }
    return new Row(packetId, released);
  }

  void delete(Batch batch, long number) {
    batch.delete(Keys.UNDER_WAY, key(number));
  }

  CompletionStage<Boolean> commit(Batch batch) {
    return ledger.commit(batch);
  }

  private byte[] key(long number) {
    return Keys.of(account, clientId, Long.toString(number));
  }
}
