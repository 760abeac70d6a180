/** The HTTP action of rules. */
@NullMarked
package dev.gatehouse.actions.http;

import org.jspecify.annotations.NullMarked;
