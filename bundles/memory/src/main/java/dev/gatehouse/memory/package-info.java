/** The memory budget, as shares of the heap. */
@NullMarked
package dev.gatehouse.memory;

import org.jspecify.annotations.NullMarked;
