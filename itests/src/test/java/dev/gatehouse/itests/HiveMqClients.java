package dev.gatehouse.itests;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttClientBuilder;
import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.MqttWebSocketConfig;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** HiveMQ's Java client. */
final class HiveMqClients {
  private HiveMqClients() {}

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static MqttClientBuilder builder(Keys keys, String uri, String clientId) {
    URI where = URI.create(uri);
    MqttClientBuilder builder =
        MqttClient.builder()
            .identifier(clientId)
            .serverHost(where.getHost())
            .serverPort(where.getPort())
            .sslConfig(
                MqttClientSslConfig.builder()
                    .keyManagerFactory(keys.own())
                    .trustManagerFactory(keys.trusted())
                    .build());
    return where.getScheme().equals("wss")
        ? builder.webSocketConfig(MqttWebSocketConfig.builder().serverPath("mqtt").build())
        : builder;
  }

  static RealClient.Maker version3(Keys keys) {
    return (uri, clientId, kept, willTopic) -> {
      Mqtt3BlockingClient client = builder(keys, uri, clientId).useMqttVersion3().buildBlocking();
      return new Three(client, client.publishes(MqttGlobalPublishFilter.ALL), kept, willTopic);
    };
  }

  static RealClient.Maker version5(Keys keys) {
    return (uri, clientId, kept, willTopic) -> {
      Mqtt5BlockingClient client = builder(keys, uri, clientId).useMqttVersion5().buildBlocking();
      return new Five(client, client.publishes(MqttGlobalPublishFilter.ALL), kept, willTopic);
    };
  }

  private record Three(
      Mqtt3BlockingClient client,
      Mqtt3BlockingClient.Mqtt3Publishes publishes,
      boolean kept,
      String willTopic)
      implements RealClient {
    @Override
    public boolean connect() {
      var connect = client.connectWith().cleanSession(!kept);
      if (!willTopic.isEmpty()) {
        connect =
            connect
                .willPublish()
                .topic(willTopic)
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(bytes("gone"))
                .applyWillPublish();
      }
      return connect.send().isSessionPresent();
    }

    @Override
    public void subscribe(String filter, int qos) {
      client.subscribeWith().topicFilter(filter).qos(qosOf(qos)).send();
    }

    @Override
    public void publish(String topic, String payload, int qos, boolean retain) {
      client
          .publishWith()
          .topic(topic)
          .payload(bytes(payload))
          .qos(qosOf(qos))
          .retain(retain)
          .send();
    }

    @Override
    public Got next() {
      try {
        var publish = publishes.receive(20, TimeUnit.SECONDS).orElseThrow();
        return new Got(
            publish.getTopic().toString(),
            text(publish.getPayloadAsBytes()),
            publish.getQos().getCode(),
            publish.isRetain());
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() {
      publishes.close();
      client.disconnect();
    }
  }

  private static MqttQos qosOf(int qos) {
    return MqttQos.values()[qos];
  }

  private record Five(
      Mqtt5BlockingClient client,
      Mqtt5BlockingClient.Mqtt5Publishes publishes,
      boolean kept,
      String willTopic)
      implements RealClient {
    @Override
    public boolean connect() {
      var connect = client.connectWith().cleanStart(!kept).sessionExpiryInterval(kept ? 3600 : 0);
      if (!willTopic.isEmpty()) {
        connect =
            connect
                .willPublish()
                .topic(willTopic)
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(bytes("gone"))
                .applyWillPublish();
      }
      return connect.send().isSessionPresent();
    }

    @Override
    public void subscribe(String filter, int qos) {
      client.subscribeWith().topicFilter(filter).qos(qosOf(qos)).send();
    }

    @Override
    public void publish(String topic, String payload, int qos, boolean retain) {
      client
          .publishWith()
          .topic(topic)
          .payload(bytes(payload))
          .qos(qosOf(qos))
          .retain(retain)
          .send();
    }

    @Override
    public Got next() {
      try {
        var publish = publishes.receive(20, TimeUnit.SECONDS).orElseThrow();
        return new Got(
            publish.getTopic().toString(),
            text(publish.getPayloadAsBytes()),
            publish.getQos().getCode(),
            publish.isRetain());
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() {
      publishes.close();
      client.disconnect();
    }
  }
}
