package dev.gatehouse.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.http.sigv4.SignedRequest;
import dev.gatehouse.testkit.FixedMemory;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CallKeysTest {
  private static final Account ACCOUNT = new Account("123456789012", "us-east-1");
  private static final Instant ISSUED = Instant.parse("2027-03-01T12:00:00Z");

  private static Call call(Map<String, List<String>> headers) {
    ConnectionPlace place =
        new ConnectionPlace(new AddressPlaces(0, false), new EmbeddedChannel(), 0);
    return new Call(
        new SignedRequest("GET", "/things", "", headers, new byte[0]),
        List.of(),
        "192.0.2.1",
        new RequestMemory(new FixedMemory()).begin(place, () -> {}));
  }

  @Test
  void policiesAreToldWhatACallSaysOfItself() {
    Call call =
        call(Map.of("user-agent", List.of("aws-cli"), "referer", List.of("https://a.example/")));
    assertThat(CallKeys.of(call, new Principal.User(ACCOUNT, "anna", "AIDA"), ISSUED))
        .containsOnly(
            Map.entry("aws:SourceIp", "192.0.2.1"),
            Map.entry("aws:SecureTransport", "true"),
            Map.entry("aws:UserAgent", "aws-cli"),
            Map.entry("aws:Referer", "https://a.example/"),
            Map.entry("aws:TokenIssueTime", "2027-03-01T12:00:00Z"));
  }

  @Test
  void aCertificateIsKnownOverHttpsToo() {
    assertThat(CallKeys.of(call(Map.of()), new Principal.Certificate(ACCOUNT, "ab12"), null))
        .containsOnly(
            Map.entry("aws:SourceIp", "192.0.2.1"),
            Map.entry("aws:SecureTransport", "true"),
            Map.entry("iot:CertificateId", "ab12"));
  }
}
