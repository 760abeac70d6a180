package dev.gatehouse.api.identity;

import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The policy variables of one caller that its edge knows, such as {@code iot:ClientId} and {@code
 * aws:SourceIp} (guide: Policy Variables). They are asked for only when a policy needs them, so
 * that a connection whose policies have none costs no map. {@code () -> Map.of("aws:SourceIp", ip)}
 * is one; {@code Map::of} says that nothing is known.
 *
 * <p>What holds one says the same for as long as the caller is there: rights that are already in
 * use ask again, at any time and on any thread. So capture what cannot change, and little of it.
 */
@FunctionalInterface
@ConsumerType
public interface PolicyVariables {

  /**
   * The values by name, without the names' {@code ${}}. Always the same ones, neither a name nor a
   * value null. Memory only, never blocks.
   *
   * @return a map that is only read; a variable that is not in it matches nothing in an Allow
   */
  Map<String, String> values();
}
