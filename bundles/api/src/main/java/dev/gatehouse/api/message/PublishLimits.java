package dev.gatehouse.api.message;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What clients may publish by the settings of the MQTT edge: its profile, sizes and topics. Every
 * other entrance asks it too, so that a client has the same limits wherever it comes in. Safe for
 * use by many threads; the answer may change at any time.
 */
@ProviderType
public interface PublishLimits {

  /** What is wrong with a message that a client wants to publish; empty if nothing is. */
  Optional<String> fault(Message message);
}
