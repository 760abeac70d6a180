package dev.gatehouse.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.session.Sessions;
import dev.gatehouse.broker.BrokerStand;
import java.io.IOException;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;

/** The edge with the real broker behind it, on a store in memory: bytes in, bytes out. */
abstract class StackHarness extends EdgeHarness {
  static final String SUCCESS_4 = "20020000";
  static final String RESUMED_4 = "20020100";

  final BrokerStand stand = newStand();

  BrokerStand newStand() {
    return new BrokerStand();
  }

  @Override
  Sessions sessions() {
    return stand;
  }

  @Override
  Clock clock() {
    return stand.clock();
  }

  /** As many in flight as by default. */
  @Override
  MqttLimits limits() {
    return new MqttLimits(
        false, 65_535, 65_535, 1_000, 1 << 20, 1 << 20, 100, 1_000, 1_000, 4, 0, 1_200, 0, 5_000, 5,
        0, 500, false, 32 << 20);
  }

  @AfterEach
  void stopBroker() {
    stand.close();
  }

  /** Sends CONNECT and reads CONNACK, which says that all is well. */
  Client join(String connect) throws IOException {
    return connected(connect);
  }

  /** As {@link #join}, to a session that is there. */
  Client resume(String connect) throws IOException {
    Client client = new Client();
    client.send(connect);
    assertThat(client.packet()).matches("20..0100.*");
    return client;
  }

  /** Subscribes with MQTT 5 options; its SUBACK says that this QoS was granted. */
  static void subscribe(Client client, String filter, int options) throws IOException {
    client.send(Hex.subscribe5(77, filter, options));
    assertThat(client.packet()).isEqualTo("90" + "04" + "004d" + "00" + "0" + (options & 3));
  }

  /** The next packet is a PUBLISH. */
  static Publish next(Client client) throws IOException {
    return Publish.of(5, client.packet());
  }

  /** Nothing came before the answer to this PINGREQ. */
  static void nothingCame(Client client) throws IOException {
    client.send("c000");
    assertThat(client.packet()).isEqualTo("d000");
  }
}
