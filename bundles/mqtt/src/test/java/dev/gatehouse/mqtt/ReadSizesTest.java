package dev.gatehouse.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.RecvByteBufAllocator.ExtendedHandle;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

class ReadSizesTest {
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final ExtendedHandle sizes = (ExtendedHandle) new ReadSizes().newHandle();

  /** One turn in which so much waits; how often it read. */
  private int turn(int waiting) {
    sizes.reset(channel.config());
    int left = waiting;
    int reads = 0;
    do {
      int room = sizes.guess();
      int read = Math.min(room, left);
      sizes.attemptedBytesRead(room);
      sizes.lastBytesRead(read);
      if (read > 0) {
        sizes.incMessagesRead(1);
        left -= read;
      }
      reads++;
    } while (sizes.continueReading());
    sizes.readComplete();
    return reads;
  }

  @Test
  void muchIsReadInFewLargePiecesAndLittleInSmallOnes() {
    assertThat(sizes.guess()).isEqualTo(ReadSizes.FIRST);
    turn(1 << 20);
    assertThat(sizes.guess()).isEqualTo(ReadSizes.MOST);
    assertThat(turn(60_000)).as("all at once, and no read for nothing").isOne();
    for (int i = 0; i < 100; i++) {
      turn(20);
    }
    assertThat(sizes.guess()).isEqualTo(ReadSizes.LEAST);
    assertThat(turn(20)).isOne();
  }

  @Test
  void oneSmallTurnBetweenLargeOnesChangesNothing() {
    turn(1 << 20);
    turn(20);
    turn(50_000);
    turn(20);

    assertThat(sizes.guess()).isEqualTo(ReadSizes.MOST);
  }

  @Test
  void othersHaveTheirTurn() {
    assertThat(turn(100 << 20)).isEqualTo(16);
  }

  @Test
  void whatIsHeldIsNotReadOn() {
    channel.config().setAutoRead(false);
    assertThat(turn(1 << 20)).isOne();
  }
}
