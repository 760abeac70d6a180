package dev.gatehouse.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Principal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConnectVariablesTest {
  private static final Map<String, String> KEYS =
      Map.of("aws:UserAgent", "browser", "aws:SourceIp", "203.0.113.9");
  private static final Account ACCOUNT = new Account("123456789012", "us-east-1");

  private static Map<String, String> of(Principal principal) {
    InetAddress source = new InetSocketAddress("192.0.2.1", 0).getAddress();
    return ConnectStep.variables(principal, "lamp", source, ConnectStep.Way.of(true, KEYS))
        .values();
  }

  @Test
  void policiesAreToldWhichClientConnectsFromWhere() {
    assertThat(of(new Principal.Anonymous(ACCOUNT, "open")))
        .containsOnly(
            Map.entry("iot:ClientId", "lamp"),
            Map.entry("aws:SourceIp", "192.0.2.1"),
            Map.entry("aws:SecureTransport", "true"),
            Map.entry("aws:UserAgent", "browser"));
  }

  @Test
  void policiesAreToldTheCertificateOfADevice() {
    assertThat(of(new Principal.Certificate(ACCOUNT, "ab12")))
        .containsOnly(
            Map.entry("iot:ClientId", "lamp"),
            Map.entry("aws:SourceIp", "192.0.2.1"),
            Map.entry("aws:SecureTransport", "true"),
            Map.entry("aws:UserAgent", "browser"),
            Map.entry("iot:CertificateId", "ab12"));
  }
}
