package dev.gatehouse.edge;

import dev.gatehouse.api.identity.Principal;
import io.netty.channel.Channel;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Whiteboard: a protocol that a connection of the HTTPS edge can turn into, by ALPN (RFC 7301) or
 * by WebSocket (RFC 6455). Its connections live on the HTTPS edge's event loops, and end with
 * whichever of the two stops first.
 */
@ConsumerType
public interface StreamProtocol {

  /** What it is called in a TLS handshake, such as {@code mqtt}. */
  List<String> alpnNames();

  /** Path of its WebSocket, such as {@code /mqtt}. */
  String webSocketPath();

  /** The WebSocket subprotocols that stand for it; a client must offer one. */
  List<String> webSocketSubprotocols();

  /**
   * Takes over a connection: adds handlers at the end of its pipeline, which is bytes from there
   * on. Called on the connection's loop.
   */
  void take(Channel channel, Peer peer);

  /**
   * Who is there.
   *
   * @param principal who signed the request; null: whose certificate the TLS session has, if any
   * @param accessKeyId what it was signed with; null if it was not
   * @param webSocket whether its bytes come in WebSocket frames
   * @param conditionKeys what policies can ask of the request that came here, by name
   */
  record Peer(
      @Nullable Principal principal,
      @Nullable String accessKeyId,
      boolean webSocket,
      Map<String, String> conditionKeys) {

    private static final Peer OF_TLS = new Peer(null, null, false); // most are

    /** Somebody of whose request policies can ask nothing. */
    public Peer(@Nullable Principal principal, @Nullable String accessKeyId, boolean webSocket) {
      this(principal, accessKeyId, webSocket, Map.of());
    }

    /** Somebody who did not sign. */
    public static Peer ofTls(boolean webSocket) {
      return webSocket ? new Peer(null, null, true) : OF_TLS;
    }
  }
}
