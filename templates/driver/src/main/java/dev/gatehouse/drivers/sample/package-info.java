/** The device driver {@code sample}. */
@NullMarked
package dev.gatehouse.drivers.sample;

import org.jspecify.annotations.NullMarked;
