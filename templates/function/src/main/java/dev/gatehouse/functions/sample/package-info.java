/** The SQL function {@code sample}. */
@NullMarked
package dev.gatehouse.functions.sample;

import org.jspecify.annotations.NullMarked;
