/** Policy documents of IAM, compiled, and what trust policies say of principals. */
@NullMarked
package dev.gatehouse.iam.policy;

import org.jspecify.annotations.NullMarked;
