package dev.gatehouse.api.rules.function;

import dev.gatehouse.api.identity.Account;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Whiteboard: SQL functions of a domain. A rule that uses a function which is not here is refused
 * at creation, with an error that names it. The names are those of AWS's SQL reference; the
 * arguments are what the rule wrote, the role's ARN last but where noted:
 *
 * <ul>
 *   <li>{@code get_thing_shadow(thing[, shadow], roleArn)}: the shadow's document
 *   <li>{@code get_registry_data(api, thing, roleArn)}: the answer of {@code DescribeThing} or
 *       {@code ListThingGroupsForThing}
 *   <li>{@code machinelearning_predict(modelId, roleArn, record)}: {@code predictedLabel}, {@code
 *       predictedScores}, {@code predictedValue} and {@code details}
 *   <li>{@code get_dynamodb(table, hashKey, value[, rangeKey, value], roleArn)}: the item as plain
 *       JSON, null if there is none
 *   <li>{@code get_secret(id, 'SecretString'|'SecretBinary'[, key], roleArn)}: the secret; binary
 *       as base64
 *   <li>{@code aws_lambda(functionArn, input)}: what the function answered; no role
 *   <li>{@code decode(base64, 'proto', bucket, descriptorKey, protoFile, message)}: the message as
 *       JSON; no role. {@code decode(…, 'base64')} is the engine's own.
 * </ul>
 */
@ConsumerType
public interface FunctionSet {

  /** Lower-case names. */
  Set<String> names();

  /**
   * Evaluates a function. The engine waits 2 seconds for it, on a thread of the rule.
   *
   * @param arguments UTF-8 JSON of each argument; null where it is Undefined
   * @return completes with UTF-8 JSON, or null for Undefined; exceptionally to fail the rule
   */
  CompletionStage<byte @Nullable []> call(
      Account account, String name, List<byte @Nullable []> arguments);
}
