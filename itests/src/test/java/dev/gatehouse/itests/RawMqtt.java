package dev.gatehouse.itests;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client of MQTT 3.1.1 on the plaintext listener that reads only when it is told to. */
final class RawMqtt implements AutoCloseable {
  private final Socket socket = new Socket();
  private final DataInputStream in;
  private final DataOutputStream out;

  /** A packet: its first byte, and what follows its length. */
  record Packet(int first, byte[] body) {
    int type() {
      return first >> 4;
    }

    /** Of an acknowledgement. */
    int packetId() {
      return (body[0] & 0xFF) << 8 | body[1] & 0xFF;
    }

    /** Of a PUBLISH with QoS 1: what stands after topic and packet id. */
    String payload() {
      int start = 2 + ((body[0] & 0xFF) << 8 | body[1] & 0xFF) + 2;
      return new String(body, start, body.length - start, StandardCharsets.UTF_8);
    }

    /** Of a PUBLISH with QoS 1. */
    int publishId() {
      int at = 2 + ((body[0] & 0xFF) << 8 | body[1] & 0xFF);
      return (body[at] & 0xFF) << 8 | body[at + 1] & 0xFF;
    }
  }

  /** Connects, and waits for CONNACK. */
  RawMqtt(int port, String clientId, boolean clean) throws IOException {
    socket.setReceiveBufferSize(16 << 10);
    socket.setTcpNoDelay(true);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
    socket.setSoTimeout(10_000);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    out = new DataOutputStream(socket.getOutputStream());
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(new byte[] {0, 4, 'M', 'Q', 'T', 'T', 4, (byte) (clean ? 2 : 0), 0, 0});
    body.writeBytes(text(clientId));
    send(0x10, body.toByteArray());
    Packet connack = packet();
    if (connack.type() != 2 || connack.body()[1] != 0) {
      throw new IOException("not accepted: " + connack.body()[1]);
    }
    socket.setSoTimeout(60_000);
  }

  private static byte[] text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    byte[] bytes = new byte[utf8.length + 2];
    bytes[0] = (byte) (utf8.length >> 8);
    bytes[1] = (byte) utf8.length;
    System.arraycopy(utf8, 0, bytes, 2, utf8.length);
    return bytes;
  }

  private void send(int first, byte[] body) throws IOException {
    ByteArrayOutputStream packet = new ByteArrayOutputStream();
    packet.write(first);
    int rest = body.length;
    do {
      packet.write(rest > 127 ? rest & 127 | 128 : rest);
      rest >>= 7;
    } while (rest > 0);
    packet.writeBytes(body);
    out.write(packet.toByteArray());
  }

  void publish(String topic, int qos, int packetId, byte[] payload) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(text(topic));
    if (qos > 0) {
      body.writeBytes(new byte[] {(byte) (packetId >> 8), (byte) packetId});
    }
    body.writeBytes(payload);
    send(0x30 | qos << 1, body.toByteArray());
  }

  /** And waits for SUBACK. */
  void subscribe(String filter, int qos) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(new byte[] {0, 1});
    body.writeBytes(text(filter));
    body.write(qos);
    send(0x82, body.toByteArray());
    Packet suback = packet();
    if (suback.type() != 9 || suback.body()[2] < 0) {
      throw new IOException("not subscribed to " + filter);
    }
  }

  void acknowledge(int packetId) throws IOException {
    send(0x40, new byte[] {(byte) (packetId >> 8), (byte) packetId});
  }

  /** And waits for PINGRESP, which must be next. */
  void ping() throws IOException {
    send(0xC0, new byte[0]);
    Packet answer = packet();
    if (answer.type() != 13) {
      throw new IOException("packet " + answer.type() + " came instead of PINGRESP");
    }
  }

  Packet packet() throws IOException {
    int first = in.read();
    if (first < 0) {
      throw new EOFException("closed by the gateway");
    }
    int length = 0;
    int shift = 0;
    int digit;
    do {
      digit = in.readUnsignedByte();
      length |= (digit & 127) << shift;
      shift += 7;
    } while (digit > 127);
    return new Packet(first, in.readNBytes(length));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
