/** The republish rule action. */
@NullMarked
package dev.gatehouse.actions.republish;

import org.jspecify.annotations.NullMarked;
