package dev.gatehouse.rules;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiHandler;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.identity.Roles;
import dev.gatehouse.api.rules.action.Setting;
import dev.gatehouse.api.rules.action.SettingsSchema;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether a caller may give a rule the roles that it names (guide: Passing Role Permissions). A
 * rule that cannot become one is refused first.
 */
final class RolePassing {
  private static final String SERVICE = "iot.amazonaws.com";

  private final Whiteboard whiteboard;
  private final Executor control;

  RolePassing(Whiteboard whiteboard, Executor control) {
    this.whiteboard = whiteboard;
    this.control = control;
  }

  /** A handler that takes a rule's payload, which is called when its roles have been passed. */
  ApiHandler checked(ApiHandler handler) {
    return request -> {
      Set<String> arns = arns(request);
      if (arns.isEmpty()) {
        return handler.handle(request);
      }
      CompletionStage<Void> passed = CompletableFuture.completedStage(null);
      for (String arn : arns) {
        passed = passed.thenCompose(done -> pass(request, arn));
      }
      // Not on the thread of whoever keeps roles: the handler reads the store.
      return passed.<ApiResponse>thenComposeAsync(done -> handler.handle(request), control);
    };
  }

  private Set<String> arns(ApiRequest request) {
    RuleDocument document = RuleDocument.parse(request.body(), 0);
    RuleKey key = RuleKey.checked(request.account(), request.path("ruleName"));
    Set<String> ofFunctions = RuleProgram.validate(key, document, whiteboard).roles();
    Stream<String> ofActions =
        document
            .allActions()
            .flatMap(
                spec ->
                    spec.leaves(whiteboard.actionType(spec.type()).orElse(null)).stream()
                        .filter(leaf -> leaf.setting().type() == Setting.Type.ROLE)
                        .map(SettingsSchema.Leaf::text));
    return Stream.concat(ofActions, ofFunctions.stream())
        .filter(arn -> !arn.isEmpty())
        .collect(Collectors.toSet());
  }

  private CompletionStage<Void> pass(ApiRequest request, String arn) {
    Roles now =
        whiteboard
            .roleRights
            .roles()
            .orElseThrow(
                () ->
                    new ServiceException(
                        ErrorCode.SERVICE_UNAVAILABLE,
                        "roles cannot be looked up at the moment; is the bundle dev.gatehouse.iam"
                            + " active?"));
    return now.pass(request.principal(), request.conditionKeys(), arn, SERVICE);
  }
}
