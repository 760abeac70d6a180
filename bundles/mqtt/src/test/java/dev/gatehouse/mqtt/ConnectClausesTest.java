package dev.gatehouse.mqtt;

import static dev.gatehouse.mqtt.Hex.KEPT;
import static dev.gatehouse.mqtt.Hex.NO_PROPERTIES;
import static dev.gatehouse.mqtt.Hex.connect4;
import static dev.gatehouse.mqtt.Hex.connect5;
import static dev.gatehouse.mqtt.Hex.packet;
import static dev.gatehouse.mqtt.Hex.properties;
import static dev.gatehouse.mqtt.Hex.publish5;
import static dev.gatehouse.mqtt.Hex.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CONNECT and CONNACK (MQTT 5.0, 3.1 and 3.2; MQTT 3.1.1, 3.1 and 3.2). */
class ConnectClausesTest extends StackHarness {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "10 0f 00064d514973647003 02 003c 000161", // MQTT 3.1
        "10 0d 00044d51545406 02 003c 000161",
        "10 0d 00044d51545804 02 003c 000161"
      })
  void otherProtocolsAndVersionsAreToldAndClosed(String connect) throws Exception {
    try (Client client = new Client()) {
      client.send(connect + "c000");
      assertThat(client.packet()).isEqualTo("20020001");
      assertThat(client.packet()).isEqualTo("closed");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "04, 03, 000161", // the reserved flag
    "05, 03, 00 000161",
    "04, 12, 000161", // Will QoS without a will
    "05, 12, 00 000161",
    "04, 22, 000161", // Will Retain without a will
    "05, 22, 00 000161",
    "04, 1e, 000161 000177 000178", // Will QoS 3
    "05, 1e, 00 000161 00 000177 000178",
    "04, 06, 000161", // a will without its fields
    "05, 06, 00 000161",
    "05, 06, 00 000161 000177 000178", // without its properties
    "04, 06, 000161 0002c328 000178", // its topic is not UTF-8
    "04, 02, 000161 000177 000178", // fields without the flag
    "05, 02, 00 000161 00 000177 000178",
    "04, 82, 000161", // no user name
    "05, 82, 00 000161",
    "04, 82, 000161 0002c328", // not UTF-8
    "04, 02, 000161 000175", // a user name without the flag
    "04, c2, 000161 000175", // no password
    "05, c2, 00 000161 000175",
    "04, 82, 000161 000175 000170", // a password without the flag
    "04, 42, 000161 000170", // a password without a user name
    "04, 02, ''", // no client id
    "05, 02, 00",
    "04, 02, 0002c328", // not UTF-8
  })
  void aConnectThatIsNotAsItsFlagsSayIsClosedWithoutAWord(
      String version, String flags, String payload) throws Exception {
    try (Client client = new Client()) {
      client.send(packet("10", "00044d515454", version, flags, "003c", payload) + "c000");
      assertThat(client.packet()).isEqualTo("closed");
    }
    assertThat(stand.connected()).isZero();
  }

  @Test
  void allFieldsAreTakenInTheirOrder() throws Exception {
    try (Client four =
            join(packet("10", "00044d51545404 ee 003c 000161 000177 000178 000175 000170"));
        Client five =
            join(packet("10", "00044d51545405 ee 003c 00 000162 00 000177 000178 000175 000170"));
        Client passwordOnly = join(packet("10", "00044d51545405 42 003c 00 000163 000170"))) {
      nothingCame(four);
      nothingCame(five);
      nothingCame(passwordOnly);
    }
  }

  @Test
  void clientIdsOfLettersAndDigitsAreTakenUpTo23Bytes() throws Exception {
    for (String id :
        new String[] {"0", "0123456789abcdefghijklm", "nopqrstuvwxyzABCDEFGHIJ", "Z"}) {
      try (Client client = join(connect4(id, true))) {
        nothingCame(client);
      }
    }
    try (Client client = join(connect4("KLMNOPQRSTUVWXYZ", true))) {
      nothingCame(client);
    }
  }

  @Test
  void aClientWithoutAnIdGetsOneOfItsOwn() throws Exception {
    Set<String> assigned = new HashSet<>();
    for (String clean : new String[] {"02", "00"}) {
      try (Client client = new Client()) {
        client.send(packet("10", "00044d51545405", clean, "003c 00 0000"));
        String connack = client.packet();
        assertThat(connack).matches("20..0000.*12002961757[0-9a-f]+");
        assigned.add(connack);
      }
    }
    assertThat(assigned).hasSize(2);
    try (Client client = join(connect4("", true))) {
      nothingCame(client);
    }
  }

  @Test
  void anOldClientWithoutAnIdCannotKeepASession() throws Exception {
    try (Client client = new Client()) {
      client.send(connect4("", false));
      assertThat(client.packet()).isEqualTo("20020002");
      assertThat(client.packet()).isEqualTo("closed");
    }
  }

  @Test
  void cleanStartDiscardsTheSession() throws Exception {
    kept();
    try (Client clean = join(connect5("a", true, KEPT));
        Client other = join(connect5("b"))) {
      other.send(publish5("t", 1, 1, "new"));
      assertThat(other.packet()).as("nobody subscribed").isEqualTo("4003000110");
      nothingCame(clean);
    }
    try (Client old = join(connect4("a", true))) {
      nothingCame(old);
    }
  }

  @Test
  void withoutCleanStartTheSessionGoesOnOrBegins() throws Exception {
    try (Client client = join(connect5("a", false, KEPT))) {
      subscribe(client, "t", 1);
    }
    try (Client other = join(connect5("b"))) {
      other.send(publish5("t", 1, 1, "missed"));
      assertThat(other.packet()).isEqualTo("40020001");
    }
    try (Client again = resume(connect5("a", false, KEPT))) {
      assertThat(next(again).payload()).isEqualTo("missed");
    }
    try (Client old = join(connect4("c", false))) {
      nothingCame(old);
    }
    try (Client again = new Client()) {
      again.send(connect4("c", false));
      assertThat(again.packet()).isEqualTo(RESUMED_4);
    }
  }

  /** A session of "a" that subscribed to t and is not connected. */
  private void kept() throws Exception {
    try (Client client = join(connect5("a", true, KEPT))) {
      subscribe(client, "t", 1);
    }
  }

  @Test
  void theSessionOfAnOldCleanClientIsNotThereForTheNext() throws Exception {
    try (Client client = join(connect4("a", true))) {
      client.send(Hex.subscribe4(1, "t", 1));
      assertThat(client.packet()).isEqualTo("9003000101");
    }
    try (Client next = join(connect4("a", false));
        Client other = join(connect5("b"))) {
      other.send(publish5("t", 1, 1, "x"));
      assertThat(other.packet()).as("nobody subscribed").isEqualTo("4003000110");
      nothingCame(next);
    }
  }

  @Test
  void retainedMessagesAreNotPartOfASession() throws Exception {
    try (Client client = join(connect4("a", true))) {
      client.send("3105 000172 7879" + "c000");
      assertThat(client.packet()).isEqualTo("d000");
    }
    try (Client client = join(connect5("b"))) {
      subscribe(client, "r", 1);
      assertThat(next(client).payload()).isEqualTo("xy");
    }
  }

  @Test
  void anExistingConnectionOfTheClientIdIsToldAndClosed() throws Exception {
    try (Client five = join(connect5("a"));
        Client four = join(connect4("a", true))) {
      assertThat(five.packet()).matches("e0..8e.*");
      assertThat(five.packet()).isEqualTo("closed");
      try (Client again = join(connect5("a"))) {
        assertThat(four.packet()).isEqualTo("closed");
        nothingCame(again);
      }
    }
  }

  @Test
  void nothingBehindARefusedConnectIsServed() throws Exception {
    denied.add("iot:Connect client/a");
    try (Client spy = join(connect5("b"));
        Client refused = new Client()) {
      subscribe(spy, "#", 0);
      refused.send(connect5("a") + publish5("t", 0, 0, "x") + "c000");
      assertThat(refused.packet()).as("no session is present").matches("20..0087.*");
      assertThat(refused.packet()).isEqualTo("closed");
      nothingCame(spy);
    }
  }

  @Test
  void enhancedAuthenticationIsRefused() throws Exception {
    try (Client method = new Client();
        Client data = new Client()) {
      method.send(connect5("a", true, properties("15" + text("SCRAM-SHA-1"))));
      assertThat(method.packet()).matches("20..008c.*");
      assertThat(method.packet()).isEqualTo("closed");
      data.send(connect5("a", true, properties("16 0001 00")));
      assertThat(data.packet()).as("data without a method").matches("20..0082.*");
      assertThat(data.packet()).isEqualTo("closed");
    }
  }

  /** Nobody is known yet, so no more than 64 kB are read; MQTT 3.1.1 has no code for it. */
  @Test
  void aConnectThatIsTooLargeIsToldSo() throws Exception {
    String rest = "00".repeat(70_000);
    try (Client five = new Client();
        Client four = new Client();
        Client other = new Client()) {
      five.send(packet("10", "00044d51545405" + rest));
      assertThat(five.packet()).matches("20..0095.*");
      assertThat(five.packet()).isEqualTo("closed");
      four.send("10 f4a204 00044d515454");
      four.send("04");
      assertThat(four.packet()).isEqualTo("closed");
      other.send("10 f4a204 00044d51545305 00");
      assertThat(other.packet()).isEqualTo("closed");
    }
    String id = "x".repeat(65_000);
    join(connect5(id)).close();
  }

  /** A property in a packet that it does not belong to makes it malformed (2.2.2.2). */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "30 09 000174 05 18 00000001", // Will Delay Interval in PUBLISH
        "82 0a 0001 03 23 0001 000174 00", // Topic Alias in SUBSCRIBE
        "a2 08 0001 02 0b 01 000174", // Subscription Identifier in UNSUBSCRIBE
        "40 07 0001 00 03 23 0001", // Topic Alias in PUBACK
        "e0 05 00 03 21 0001" // Receive Maximum in DISCONNECT
      })
  void aPropertyInTheWrongPacketMakesItMalformed(String packet) throws Exception {
    try (Client client = join(connect5("a"))) {
      client.send(packet);
      assertThat(client.packet()).matches("e0..81.*");
      assertThat(client.packet()).isEqualTo("closed");
    }
  }

  @Test
  void authIsAProtocolErrorWhereNoMethodWasAgreedOn() throws Exception {
    for (String auth : new String[] {"f000", "f00118", "f002 19 00"}) {
      try (Client client = join(connect5("a"))) {
        client.send(auth);
        assertThat(client.packet()).matches("e0..82.*");
        assertThat(client.packet()).isEqualTo("closed");
      }
    }
  }

  @Test
  void aConnackSaysNeitherMethodNorResponseInformation() throws Exception {
    try (Client client = new Client()) {
      client.send(connect5("a", true, properties("19 01"))); // request response information
      assertThat(client.packet())
          .as("three properties")
          .isEqualTo("200e00000b" + "210064" + "220004" + "2700100000");
    }
  }

  @Test
  void theServersKeepAliveIsToldWhereItDiffers() throws Exception {
    try (Client none = new Client();
        Client short1 = new Client();
        Client long1 = new Client()) {
      none.send(packet("10", "00044d51545405 02 0000 00 000161"));
      assertThat(none.packet()).as("20 minutes").contains("1304b0");
      short1.send(packet("10", "00044d51545405 02 003c 00 000162"));
      assertThat(short1.packet()).as("as asked").startsWith("200e00000b21");
      long1.send(packet("10", "00044d51545405 02 ffff 00 000163"));
      assertThat(long1.packet()).contains("1304b0");
    }
  }

  @Test
  void noPacketIsLargerThanTheClientTakes() throws Exception {
    denied.add("iot:Connect client/denied");
    try (Client fits = join(connect5("a", true, properties("27 00000040")));
        Client denied = new Client();
        Client tiny = new Client();
        Client tiniest = new Client()) {
      tiniest.send(connect5("tiniest", true, properties("27 00000004")));
      assertThat(tiniest.packet()).isEqualTo("closed");
      denied.send(connect5("denied", true, properties("27 00000005")));
      assertThat(denied.packet()).as("without a reason string").isEqualTo("2003008700");
      tiny.send(connect5("tiny", true, properties("27 00000005")));
      assertThat(tiny.packet()).as("instead of 16 bytes").isEqualTo("2003009500");
      assertThat(tiny.packet()).isEqualTo("closed");
      StringBuilder filters = new StringBuilder();
      for (int i = 0; i < 80; i++) {
        filters.append(text("f" + i)).append("00");
      }
      fits.send(packet("82", "0001", NO_PROPERTIES, filters.toString()));
      assertThat(fits.packet()).as("a SUBACK of 85 bytes").matches("e0..95.*");
      assertThat(fits.packet()).isEqualTo("closed");
    }
  }

  @Test
  void unsubackIsNotLargerThanTheClientTakes() throws Exception {
    try (Client client = join(connect5("a", true, properties("27 00000040")))) {
      String[] filters = new String[80];
      for (int i = 0; i < 80; i++) {
        filters[i] = "f" + i;
      }
      client.send(Hex.unsubscribe5(1, filters));
      assertThat(client.packet()).matches("e0..95.*");
      assertThat(client.packet()).isEqualTo("closed");
    }
  }

  @Test
  void theLongestKeepAliveIsASetting() throws Exception {
    MqttLimits now = limits();
    edge.limit(
        new MqttLimits(
            false, 65_535, 65_535, 1_000, 1 << 20, 1 << 20, 100, 1_000, 1_000, 4, 0, 60, 0, 100, 5,
            0, 500, false, 32 << 20));
    try (Client client = new Client()) {
      client.send(packet("10", "00044d51545405 02 0078 00 000161"));
      assertThat(client.packet()).contains("13003c");
    }
    edge.limit(now);
  }
}
