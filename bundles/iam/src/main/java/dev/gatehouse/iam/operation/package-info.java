/** The operations of IAM and STS. */
@NullMarked
package dev.gatehouse.iam.operation;

import org.jspecify.annotations.NullMarked;
