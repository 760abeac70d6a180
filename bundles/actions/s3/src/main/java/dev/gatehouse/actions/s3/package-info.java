/** The S3 rule action. */
@NullMarked
package dev.gatehouse.actions.s3;

import org.jspecify.annotations.NullMarked;
