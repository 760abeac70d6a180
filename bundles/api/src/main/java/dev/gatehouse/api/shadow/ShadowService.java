package dev.gatehouse.api.shadow;

import dev.gatehouse.api.identity.Account;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Device shadows. Requests of one shadow happen one after the other, in the order of the calls.
 * MQTT, HTTP, rules and drivers all come through here, and the shadow's topics are published
 * whoever asks. Callers are authorised already. Stages complete exceptionally only with {@link
 * dev.gatehouse.api.store.StoreUnavailableException}.
 */
@ProviderType
public interface ShadowService {

  /**
   * Merges a request document, {@code {"state": {"desired": …, "reported": …}, "version": n,
   * "clientToken": "…"}}, UTF-8.
   */
  default CompletionStage<ShadowResult> update(ShadowName name, byte[] request) {
    return update(name, request, 0);
  }

  /**
   * Merges a request document because of a message.
   *
   * @param hops of that message; what is published of the update has them too, so that a loop
   *     through rules and shadows ends
   * @throws IllegalArgumentException unless they are 0 to {@link
   *     dev.gatehouse.api.message.Message#MAX_HOPS}
   */
  CompletionStage<ShadowResult> update(ShadowName name, byte[] request, int hops);

  /** The whole document with metadata, version and timestamp. */
  CompletionStage<ShadowResult> get(ShadowName name);

  /** Deletes it; a version goes on if it is made again within 48 hours. */
  CompletionStage<ShadowResult> delete(ShadowName name);

  /**
   * The named shadows of a thing, in the order of their names. Reads the store: not for event
   * loops.
   *
   * @param from the first name, inclusive; empty: from the beginning
   * @param limit at least 1
   * @throws IllegalArgumentException if a name has not the form of {@link ShadowName}
   */
  List<String> names(Account account, String thingName, String from, int limit);

  /**
   * The things that have shadows, in the order of their names. Reads the store: not for event
   * loops.
   *
   * @param from the first name, inclusive; empty: from the beginning
   * @param limit at least 1
   */
  List<String> things(Account account, String from, int limit);
}
