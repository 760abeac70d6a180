package dev.gatehouse.edge;

import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** ClientHellos of the JVM's own client. */
final class Hellos {
  private Hellos() {}

  /** A record with a ClientHello that names the server and offers MQTT and HTTP by ALPN. */
  static byte[] bytes(String protocol, String... suites) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, null, null);
    SSLEngine engine = context.createSSLEngine("gateway.example", 8883);
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"mqtt", "http/1.1"});
    parameters.setProtocols(new String[] {protocol});
    parameters.setCipherSuites(suites);
    engine.setSSLParameters(parameters);
    ByteBuffer out = ByteBuffer.allocate(20_000);
    engine.wrap(ByteBuffer.allocate(0), out);
    return Arrays.copyOf(out.array(), out.position());
  }
}
