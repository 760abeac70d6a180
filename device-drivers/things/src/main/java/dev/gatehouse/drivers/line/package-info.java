/** The scheduler of all devices: one timer, and a thread for each line that has work. */
@NullMarked
package dev.gatehouse.drivers.line;

import org.jspecify.annotations.NullMarked;
