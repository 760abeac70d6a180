package dev.gatehouse.api.session;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/** The broker's side of MQTT sessions. Nothing here blocks; all is safe on event loops. */
@ProviderType
public interface Sessions {

  /**
   * Opens, resumes or takes over a session. The former holder of the same client id in the account
   * is told {@link SessionEnd#TAKEN_OVER} first. Nothing is delivered to {@code sink} before {@link
   * Session#start}.
   *
   * @return completes when the session is there and durable if it has to be; never exceptionally
   */
  CompletionStage<SessionOpening> open(SessionRequest request, SessionSink sink);

  /**
   * Publishes the wills of connections that a restart of the gateway ended: at once, or when their
   * delay is over. They wait for this call, because only an edge knows the rights of their clients.
   * An edge calls it when it starts, before it takes connections.
   */
  void publishRestoredWills(WillRights rights);
}
