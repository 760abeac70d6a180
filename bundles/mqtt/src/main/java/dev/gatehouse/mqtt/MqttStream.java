package dev.gatehouse.mqtt;

import dev.gatehouse.edge.AddressRates;
import dev.gatehouse.edge.StreamProtocol;
import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * MQTT on a connection, whoever accepted it: the edge's own listeners, or the HTTPS edge by ALPN
 * and by WebSocket (MQTT 5.0, 6).
 */
final class MqttStream implements StreamProtocol {
  private final ChannelGroup connections;
  private final EdgeServices services;
  private final LogLimit logs = new LogLimit();
  private final AddressRates rates = new AddressRates(System::nanoTime);

  MqttStream(ChannelGroup connections, EdgeServices services) {
    this.connections = connections;
    this.services = services;
  }

  @Override
  public List<String> alpnNames() {
    return List.of("x-amzn-mqtt-ca", "mqtt");
  }

  @Override
  public String webSocketPath() {
    return "/mqtt";
  }

  @Override
  public List<String> webSocketSubprotocols() {
    return List.of("mqtt", "mqttv3.1");
  }

  /** Whether there is room for a connection, which then counts; otherwise it is closed. */
  boolean admit(Channel channel) {
    MqttLimits limits = services.limits().get();
    boolean tooFast =
        channel.remoteAddress() instanceof InetSocketAddress peer
            && !rates.admit(peer.getAddress(), limits.addressConnects());
    int most = Math.min(limits.connections(), services.memory().connections);
    if (tooFast || connections.size() >= most) {
      services.counters().turnedAway();
      channel.close();
      return false;
    }
    connections.add(channel);
    return true;
  }

  @Override
  public void take(Channel channel, Peer peer) {
    if (!admit(channel)) {
      return;
    }
    MqttChannel handler = add(channel, peer);
    int seconds = services.limits().get().webSocketSeconds();
    if (peer.webSocket() && seconds > 0) {
      channel.eventLoop().schedule(handler::expired, seconds, TimeUnit.SECONDS);
    }
  }

  /** Adds the handler. */
  MqttChannel add(Channel channel, Peer peer) {
    MqttChannel handler = new MqttChannel(services, peer, logs);
    channel.pipeline().addLast(handler);
    return handler;
  }
}
