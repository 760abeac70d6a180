package dev.gatehouse.functions.machinelearning;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.home.GatewayHome;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.rules.function.FunctionSet;
import dev.gatehouse.api.rules.function.FunctionSignature;
import dev.gatehouse.json.Json;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** {@code machinelearning_predict(modelId, roleArn, record)} (guide: Making Predictions). */
@Component(configurationPid = "dev.gatehouse.functions.machinelearning")
@Designate(ocd = ModelsConfig.class)
public final class PredictFunction implements FunctionSet {
  private static final FunctionSignature PREDICT =
      FunctionSignature.of("machinelearning_predict", 3, 3).withRole(FunctionSignature.Role.SECOND);

  private final ModelFiles models;

  /** Reads models of a directory. */
  @Activate
  public PredictFunction(@Reference GatewayHome home, ModelsConfig config) {
    this(new ModelFiles(ModelsSettings.of(config, home)));
  }

  PredictFunction(ModelFiles models) {
    this.models = models;
  }

  @Override
  public List<FunctionSignature> functions() {
    return List.of(PREDICT);
  }

  /** On the caller's thread, which is one of the rules engine's own. */
  @Override
  @SuppressWarnings("NullAway") // it loses the nullness of array elements in class files
  public CompletionStage<byte @Nullable []> call(
      Account account, String name, List<byte @Nullable []> arguments) {
    try {
      String model = text(arguments.get(0), "model");
      ObjectNode answer = models.model(model).predict(record(arguments.get(2)));
      return CompletableFuture.completedFuture(Json.bytes(answer));
    } catch (IllegalArgumentException e) {
      return CompletableFuture.failedFuture(
          new IllegalArgumentException(PREDICT.name() + ": " + e.getMessage(), e));
    }
  }

  private static String text(byte @Nullable [] argument, String what) {
    JsonNode json = parse(argument);
    if (json == null || !json.isTextual()) {
      throw new IllegalArgumentException("the " + what + " must be a string");
    }
    return json.textValue();
  }

  private static ObjectNode record(byte @Nullable [] argument) {
    if (parse(argument) instanceof ObjectNode object) {
      return object;
    }
    throw new IllegalArgumentException("the record must be a JSON object");
  }

  private static @Nullable JsonNode parse(byte @Nullable [] argument) {
    try {
      return argument == null ? null : Json.parse(argument);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("an argument is not JSON", e);
    }
  }
}
