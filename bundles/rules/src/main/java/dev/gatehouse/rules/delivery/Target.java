package dev.gatehouse.rules.delivery;

import dev.gatehouse.api.rules.action.RuleAction;

/** The action of a rule that a lane leads to, as it is now. */
public record Target(String failureName, RuleAction action, Expansion expansion, Actor actor) {}
