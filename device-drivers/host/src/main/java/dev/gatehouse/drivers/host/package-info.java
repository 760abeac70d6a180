/** A driver for the machine that the gateway runs on. */
@NullMarked
package dev.gatehouse.drivers.host;

import org.jspecify.annotations.NullMarked;
