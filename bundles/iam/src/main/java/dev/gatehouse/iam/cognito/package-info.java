/** Identity pools of Cognito, and the identities in them. */
@NullMarked
package dev.gatehouse.iam.cognito;

import org.jspecify.annotations.NullMarked;
