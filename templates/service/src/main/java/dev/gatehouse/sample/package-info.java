/** The service {@code sample}. */
@NullMarked
package dev.gatehouse.sample;

import org.jspecify.annotations.NullMarked;
