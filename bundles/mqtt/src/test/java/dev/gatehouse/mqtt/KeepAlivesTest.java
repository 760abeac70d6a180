package dev.gatehouse.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.mqtt.codec.MqttException;
import dev.gatehouse.mqtt.codec.Packet;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class KeepAlivesTest {
  private static final long STEP_MILLIS = 100;
  private static final long TURN_MILLIS = 500;

  private final EmbeddedChannel loop = new EmbeddedChannel();
  private final EmbeddedChannel timer = new EmbeddedChannel();
  private final KeepAlives keepAlives = new KeepAlives(timer.eventLoop());
  private final AtomicLong now = new AtomicLong();

  KeepAlivesTest() {
    timer.freezeTime();
  }

  /** A connection that may be silent until a time. */
  private final class Fake extends PacketStream {
    long due;
    boolean removed;
    long told = -1;

    Fake(long due) {
      super(new EdgeServices(null, null, null, null, null, null, keepAlives, null, null));
      this.due = due;
    }

    @Override
    long silenceLeft() {
      return TimeUnit.MILLISECONDS.toNanos(due - now.get());
    }

    @Override
    void silent() {
      assertThat(told).as("told once").isNegative();
      told = now.get();
    }

    @Override
    void packet(ChannelHandlerContext context, Packet packet) {}

    @Override
    void broken(ChannelHandlerContext context, MqttException reason) {}

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {}
  }

  private Fake add(long due) {
    Fake fake = new Fake(due);
    keepAlives.add(loop.eventLoop(), fake);
    return fake;
  }

  private void step() {
    now.addAndGet(STEP_MILLIS);
    timer.advanceTimeBy(STEP_MILLIS, TimeUnit.MILLISECONDS);
    timer.runPendingTasks();
    loop.runPendingTasks();
  }

  @Test
  void eachIsToldOnceAndInTimeHoweverOthersComeAndGo() {
    long seed = Long.getLong("gatehouse.seed", System.nanoTime());
    Random random = new Random(seed);
    List<Fake> all = new ArrayList<>();
    long longest = 150_000;
    while (now.get() < 2 * longest) {
      if (now.get() < longest) {
        all.add(add(now.get() + 1 + random.nextInt((int) longest)));
      }
      Fake one = all.get(random.nextInt(all.size()));
      if (random.nextInt(5) == 0) {
        one.removed |= one.told < 0;
        keepAlives.remove(loop.eventLoop(), one);
      } else if (one.told < 0) {
        one.due = Math.max(one.due, now.get() + random.nextInt((int) longest)); // it said something
      }
      step();
    }
    while (all.stream().anyMatch(fake -> fake.told < 0 && !fake.removed)) {
      assertThat(now.get()).as("seed %s", seed).isLessThan(5 * longest);
      step();
    }
    for (Fake fake : all) {
      assertThat(fake.removed ? fake.told : -1)
          .as("seed %s: told after it left", seed)
          .isEqualTo(-1);
      if (!fake.removed) {
        assertThat(fake.told)
            .as("seed %s", seed)
            .isBetween(fake.due, fake.due + 2 * TURN_MILLIS + STEP_MILLIS);
      }
    }
    assertThat(timer.runScheduledPendingTasks()).as("it turns for nobody").isEqualTo(-1);
  }

  @Test
  void aLoopThatLooksAfterConnectionsHasNothingDue() {
    add(1_000);

    assertThat(loop.runScheduledPendingTasks()).isEqualTo(-1);
    assertThat(timer.runScheduledPendingTasks()).isPositive();
  }

  @Test
  void itTurnsAgainForWhoComesLater() {
    Fake first = add(1_000);
    keepAlives.remove(loop.eventLoop(), first);
    keepAlives.remove(loop.eventLoop(), first);
    Fake second = add(1_000);
    while (now.get() < 3_000) {
      step();
    }

    assertThat(first.told).isNegative();
    assertThat(second.told).isBetween(1_000L, 2_000L);
  }
}
