package dev.gatehouse.itests;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.MqttSubscription;

/** Eclipse Paho's Java clients. */
final class PahoClients {
  private PahoClients() {}

  private static RealClient.Got next(BlockingQueue<RealClient.Got> got) {
    try {
      return Objects.requireNonNull(got.poll(20, TimeUnit.SECONDS), "no message came");
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static RealClient.Maker version3(SSLSocketFactory sockets) {
    return (uri, clientId, kept, willTopic) -> {
      MqttConnectOptions options = new MqttConnectOptions();
      options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
      options.setSocketFactory(sockets);
      options.setCleanSession(!kept);
      if (!willTopic.isEmpty()) {
        options.setWill(willTopic, bytes("gone"), 1, false);
      }
      try {
        return new Three(new MqttClient(uri, clientId, new MemoryPersistence()), options);
      } catch (org.eclipse.paho.client.mqttv3.MqttException e) {
        throw new IllegalStateException(e);
      }
    };
  }

  static RealClient.Maker version5(SSLSocketFactory sockets) {
    return (uri, clientId, kept, willTopic) -> {
      MqttConnectionOptions options = new MqttConnectionOptions();
      options.setSocketFactory(sockets);
      options.setCleanStart(!kept);
      options.setSessionExpiryInterval(kept ? 3600L : 0L);
      if (!willTopic.isEmpty()) {
        options.setWill(willTopic, new MqttMessage(bytes("gone"), 1, false, null));
      }
      try {
        return new Five(
            new org.eclipse.paho.mqttv5.client.MqttClient(
                uri, clientId, new org.eclipse.paho.mqttv5.client.persist.MemoryPersistence()),
            options);
      } catch (org.eclipse.paho.mqttv5.common.MqttException e) {
        throw new IllegalStateException(e);
      }
    };
  }

  private record Three(
      MqttClient client, MqttConnectOptions options, BlockingQueue<RealClient.Got> got)
      implements RealClient {
    Three(MqttClient client, MqttConnectOptions options) {
      this(client, options, new LinkedBlockingQueue<>());
      client.setCallback(
          new org.eclipse.paho.client.mqttv3.MqttCallback() {
            @Override
            public void connectionLost(Throwable cause) {}

            @Override
            public void messageArrived(
                String topic, org.eclipse.paho.client.mqttv3.MqttMessage message) {
              got.add(
                  new Got(
                      topic,
                      new String(message.getPayload(), StandardCharsets.UTF_8),
                      message.getQos(),
                      message.isRetained()));
            }

            @Override
            public void deliveryComplete(org.eclipse.paho.client.mqttv3.IMqttDeliveryToken token) {}
          });
    }

    private interface Call<T> {
      T run() throws org.eclipse.paho.client.mqttv3.MqttException;
    }

    private static <T> T call(Call<T> call) {
      try {
        return call.run();
      } catch (org.eclipse.paho.client.mqttv3.MqttException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public boolean connect() {
      return call(() -> client.connectWithResult(options).getSessionPresent());
    }

    @Override
    public void subscribe(String filter, int qos) {
      call(() -> client.subscribeWithResponse(filter, qos));
    }

    @Override
    public void publish(String topic, String payload, int qos, boolean retain) {
      call(
          () -> {
            client.publish(topic, bytes(payload), qos, retain);
            return true;
          });
    }

    @Override
    public Got next() {
      return PahoClients.next(got);
    }

    @Override
    public void close() {
      call(
          () -> {
            client.disconnect();
            client.close();
            return true;
          });
    }
  }

  private record Five(
      org.eclipse.paho.mqttv5.client.MqttClient client,
      MqttConnectionOptions options,
      BlockingQueue<RealClient.Got> got)
      implements RealClient {
    Five(org.eclipse.paho.mqttv5.client.MqttClient client, MqttConnectionOptions options) {
      this(client, options, new LinkedBlockingQueue<>());
      client.setCallback(new Listener(got));
    }

    private interface Call<T> {
      T run() throws org.eclipse.paho.mqttv5.common.MqttException;
    }

    private static <T> T call(Call<T> call) {
      try {
        return call.run();
      } catch (org.eclipse.paho.mqttv5.common.MqttException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public boolean connect() {
      return call(() -> client.connectWithResult(options).getSessionPresent());
    }

    @Override
    public void subscribe(String filter, int qos) {
      call(() -> client.subscribe(new MqttSubscription[] {new MqttSubscription(filter, qos)}));
    }

    @Override
    public void publish(String topic, String payload, int qos, boolean retain) {
      call(
          () -> {
            client.publish(topic, bytes(payload), qos, retain);
            return true;
          });
    }

    @Override
    public Got next() {
      return PahoClients.next(got);
    }

    @Override
    public void close() {
      call(
          () -> {
            client.disconnect();
            client.close();
            return true;
          });
    }
  }

  private record Listener(BlockingQueue<RealClient.Got> got)
      implements org.eclipse.paho.mqttv5.client.MqttCallback {
    @Override
    public void messageArrived(String topic, MqttMessage message) {
      got.add(
          new RealClient.Got(
              topic,
              new String(message.getPayload(), StandardCharsets.UTF_8),
              message.getQos(),
              message.isRetained()));
    }

    @Override
    public void disconnected(org.eclipse.paho.mqttv5.client.MqttDisconnectResponse response) {}

    @Override
    public void mqttErrorOccurred(org.eclipse.paho.mqttv5.common.MqttException exception) {}

    @Override
    public void deliveryComplete(org.eclipse.paho.mqttv5.client.IMqttToken token) {}

    @Override
    public void connectComplete(boolean reconnect, String serverUri) {}

    @Override
    public void authPacketArrived(
        int reason, org.eclipse.paho.mqttv5.common.packet.MqttProperties properties) {}
  }
}
