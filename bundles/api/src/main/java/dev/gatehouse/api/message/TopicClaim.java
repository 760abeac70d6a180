package dev.gatehouse.api.message;

import java.util.Collection;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Whiteboard: the one owner of reserved topics. A publish from outside to a {@code $aws/} topic
 * goes to its owner's handler (in every account) and to ordinary subscribers, and is refused if it
 * has no owner. What the owner itself publishes there passes. Two claims of one filter are an
 * error: the first stays, the second is logged and left out.
 */
@ConsumerType
public interface TopicClaim extends MessageHandler {

  /** The topics that devices may publish to, such as {@code $aws/things/+/shadow/update}. */
  Collection<TopicFilter> filters();

  /** How they wait. */
  Mailbox mailbox();
}
