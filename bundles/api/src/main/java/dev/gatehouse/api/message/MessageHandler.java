package dev.gatehouse.api.message;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/** Receives what a subscription or a claim matched. */
@ConsumerType
@FunctionalInterface
public interface MessageHandler {

  /**
   * Takes one message. Calls of one mailbox come one after the other, in the order of publication,
   * on a thread of the bus that is not an event loop; the next call does not wait for the stage of
   * this one.
   *
   * @return completes when the message needs no more care; the publisher of a QoS 1 message is
   *     acknowledged only then if {@link Mailbox#confirmed()}. Failing it is logged and counted,
   *     and the publisher is acknowledged all the same
   */
  CompletionStage<?> onMessage(Message message);
}
