/** The rule action {@code sample}. */
@NullMarked
package dev.gatehouse.actions.sample;

import org.jspecify.annotations.NullMarked;
