package dev.gatehouse.api.session;

import dev.gatehouse.api.message.Origin;
import dev.gatehouse.api.message.TopicName;
import org.osgi.annotation.versioning.ConsumerType;

/** Says whether a client that is not connected may still publish the will that it left. */
@ConsumerType
@FunctionalInterface
public interface WillRights {

  /**
   * Decides by the policies of this moment. Never blocks.
   *
   * @param origin of the will: its principal, client id and source address
   * @param retained whether it is published with the RETAIN flag, which needs a right more
   */
  boolean mayPublish(Origin origin, TopicName topic, boolean retained);
}
