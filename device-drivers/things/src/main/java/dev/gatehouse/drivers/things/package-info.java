/** Maps the points of drivers to things and their shadows. */
@NullMarked
package dev.gatehouse.drivers.things;

import org.jspecify.annotations.NullMarked;
