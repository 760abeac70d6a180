package dev.gatehouse.api.rules.action;

import dev.gatehouse.api.identity.Arn;

/**
 * A right that the rule's role needs for one message.
 *
 * @param action such as {@code s3:PutObject}
 * @param resource as the expanded settings name it; what looks like a wildcard in it is none
 */
public record RequiredRight(String action, Arn resource) {}
