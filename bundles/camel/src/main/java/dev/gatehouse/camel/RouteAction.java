package dev.gatehouse.camel;

import dev.gatehouse.api.rules.action.ActionInput;
import dev.gatehouse.api.rules.action.ActionSettings;
import dev.gatehouse.api.rules.action.ActionTarget;
import dev.gatehouse.api.rules.action.RuleAction;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The action of one rule that sends what SELECT made through an {@link ActionRoute}. */
public final class RouteAction implements RuleAction {
  private final ActionRoute route;
  private final Function<ActionSettings, ActionTarget> target;
  private final Function<ActionInput, Map<String, Object>> headers;

  /**
   * Creates the action of one rule.
   *
   * @param route the route of the action type, which outlives the rule
   * @param target see {@link RuleAction#target}
   * @param headers that the route reads; an {@link IllegalArgumentException} fails the message for
   *     good
   */
  public RouteAction(
      ActionRoute route,
      Function<ActionSettings, ActionTarget> target,
      Function<ActionInput, Map<String, Object>> headers) {
    this.route = route;
    this.target = target;
    this.headers = headers;
  }

  @Override
  public ActionTarget target(ActionSettings settings) {
    return target.apply(settings);
  }

  @Override
  public CompletionStage<Void> execute(ActionInput input) {
    return route.send(input.payload().bytes(), headers.apply(input));
  }
}
