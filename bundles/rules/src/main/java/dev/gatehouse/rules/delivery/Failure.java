package dev.gatehouse.rules.delivery;

/**
 * What an error action's message says of one action.
 *
 * @param failedAction such as {@code S3Action}
 * @param failedResource such as a bucket, empty if not known
 */
public record Failure(String failedAction, String failedResource, String errorMessage) {}
