package dev.gatehouse.mqtt.codec;

/** A packet that breaks the protocol; the connection ends with the reason. */
public final class MqttException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ReasonCode reason;

  /** The message says what was wrong, for the log and the client. */
  public MqttException(ReasonCode reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  /** What the client is told. */
  public ReasonCode reason() {
    return reason;
  }

  static MqttException malformed(String message) {
    return new MqttException(ReasonCode.MALFORMED_PACKET, message);
  }

  static MqttException protocol(String message) {
    return new MqttException(ReasonCode.PROTOCOL_ERROR, message);
  }
}
