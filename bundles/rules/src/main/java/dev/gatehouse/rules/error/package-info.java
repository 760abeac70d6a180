/** The errors that the rules engine alone raises. */
@NullMarked
package dev.gatehouse.rules.error;

import org.jspecify.annotations.NullMarked;
