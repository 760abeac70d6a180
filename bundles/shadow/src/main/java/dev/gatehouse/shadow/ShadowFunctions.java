package dev.gatehouse.shadow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.ActingRoles;
import dev.gatehouse.api.identity.Arn;
import dev.gatehouse.api.identity.Authorizer;
import dev.gatehouse.api.identity.Roles;
import dev.gatehouse.api.rules.function.FunctionSet;
import dev.gatehouse.api.rules.function.FunctionSignature;
import dev.gatehouse.api.shadow.ShadowName;
import dev.gatehouse.api.shadow.ShadowResult;
import dev.gatehouse.api.shadow.ShadowService;
import dev.gatehouse.json.Json;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** {@code get_thing_shadow(thing[, shadow], roleArn)} of rule SQL (guide: Functions). */
@Component
public final class ShadowFunctions implements FunctionSet {
  private static final FunctionSignature GET =
      FunctionSignature.of("get_thing_shadow", 2, 3)
          .withRole(FunctionSignature.Role.LAST)
          .onlySince2016();

  private final ShadowService shadows;
  private final ActingRoles roles;

  /** Reads from the service, with the rights of roles. */
  @Activate
  public ShadowFunctions(@Reference ShadowService shadows, @Reference Authorizer authorizer) {
    this.shadows = shadows;
    this.roles = new ActingRoles(authorizer);
  }

  @Reference(
      policy = ReferencePolicy.DYNAMIC,
      cardinality = ReferenceCardinality.OPTIONAL,
      unbind = "removeRoles")
  void addRoles(Roles next) {
    roles.add(next);
  }

  void removeRoles(Roles gone) {
    roles.remove(gone);
  }

  @Override
  public List<FunctionSignature> functions() {
    return List.of(GET);
  }

  @Override
  @SuppressWarnings("NullAway") // it loses the nullness of array elements in class files
  public CompletionStage<byte @Nullable []> call(
      Account account, String name, List<byte @Nullable []> arguments) {
    ShadowName wanted;
    try {
      String shadow = arguments.size() == 3 ? text(arguments.get(1)) : "";
      wanted = new ShadowName(account, text(arguments.get(0)), shadow);
      requireRight(wanted, text(arguments.get(arguments.size() - 1)));
    } catch (IllegalArgumentException | ServiceException e) {
      return failure(String.valueOf(e.getMessage()));
    }
    return shadows.get(wanted).thenApply(ShadowFunctions::document);
  }

  private void requireRight(ShadowName shadow, String roleArn) {
    Account account = shadow.account();
    String name = shadow.shadowName().isEmpty() ? "" : "/" + shadow.shadowName();
    Arn resource = account.arn("iot", "thing/" + shadow.thingName() + name);
    roles.require(account, roleArn, GET.name(), "iot:GetThingShadow", resource);
  }

  private static byte @Nullable [] document(ShadowResult result) {
    if (result instanceof ShadowResult.Accepted accepted) {
      return accepted.document();
    }
    throw new IllegalStateException(((ShadowResult.Rejected) result).message());
  }

  private static String text(byte @Nullable [] argument) {
    try {
      if (argument != null && Json.parse(argument) instanceof TextNode node) {
        return node.textValue();
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("an argument is not JSON", e);
    }
    throw new IllegalArgumentException("every argument must be a string");
  }

  private static CompletionStage<byte @Nullable []> failure(String problem) {
    return CompletableFuture.failedFuture(
        new IllegalArgumentException(GET.name() + ": " + problem));
  }
}
