/** Secrets: access keys, and credentials that end. */
@NullMarked
package dev.gatehouse.iam.session;

import org.jspecify.annotations.NullMarked;
