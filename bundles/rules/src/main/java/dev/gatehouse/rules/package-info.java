/** The rules engine: rules, their evaluation and their actions. */
@NullMarked
package dev.gatehouse.rules;

import org.jspecify.annotations.NullMarked;
