package dev.gatehouse.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AddressRatesTest {
  private long now = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(1); // nanoTime goes round
  private final AddressRates rates = new AddressRates(() -> now);

  private int admitted(InetAddress address, int attempts) {
    int admitted = 0;
    for (int i = 0; i < attempts; i++) {
      admitted += rates.admit(address, 10) ? 1 : 0;
    }
    return admitted;
  }

  private static InetAddress address(String text) throws Exception {
    return InetAddress.getByName(text);
  }

  @Test
  void anAddressMayComeWithItsBurstAndThenAtItsRate() throws Exception {
    InetAddress one = address("10.0.0.1");
    assertThat(admitted(one, 1_000)).isEqualTo(200);
    now += TimeUnit.SECONDS.toNanos(3);
    assertThat(admitted(one, 1_000)).isEqualTo(30);
    assertThat(admitted(address("10.0.0.2"), 5)).as("another").isEqualTo(5);
    now += TimeUnit.SECONDS.toNanos(100);
    assertThat(admitted(one, 1_000)).isEqualTo(200);
    assertThat(rates.admit(one, 0)).as("without a limit").isTrue();
  }

  @Test
  void aHostDoesNotEscapeWithItsOtherAddresses() throws Exception {
    assertThat(admitted(address("2001:db8::1"), 1_000)).isEqualTo(200);
    assertThat(admitted(address("2001:db8::2"), 1)).isZero();
    assertThat(admitted(address("2001:db8:0:1::1"), 1)).isEqualTo(1);
  }

  @Test
  void addressesAtRestAreForgotten() throws Exception {
    for (int i = 0; i < 5_000; i++) {
      rates.admit(address("10.1." + i / 250 + "." + i % 250), 10);
      now += TimeUnit.MILLISECONDS.toNanos(200);
    }
    assertThat(rates.addresses()).isLessThan(4_100);
  }
}
