package dev.gatehouse.rules;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiHandler;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.identity.Roles;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whether a caller may give a rule the roles that it names (guide: Passing Role Permissions). A
 * rule that cannot become one is refused first.
 */
final class RolePassing {
  private static final String SERVICE = "iot.amazonaws.com";

  private final Whiteboard whiteboard;
  private final Executor control;
  private volatile @Nullable Roles roles;

  RolePassing(Whiteboard whiteboard, Executor control) {
    this.whiteboard = whiteboard;
    this.control = control;
  }

  void set(Roles next) {
    roles = next;
  }

  /** Lets go of a provider, unless another has taken its place. */
  void unset(Roles gone) {
    if (roles == gone) {
      roles = null;
    }
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
            .flatMap(action -> Stream.ofNullable(action.settings().get("roleArn")));
    return Stream.concat(ofActions, ofFunctions.stream())
        .filter(arn -> !arn.isEmpty())
        .collect(Collectors.toSet());
  }

  private CompletionStage<Void> pass(ApiRequest request, String arn) {
    Roles now = roles;
    if (now == null) {
      throw new ServiceException(
          ErrorCode.SERVICE_UNAVAILABLE,
          "roles cannot be looked up at the moment; is the bundle dev.gatehouse.iam active?");
    }
    return now.pass(request.principal(), request.conditionKeys(), arn, SERVICE);
  }
}
