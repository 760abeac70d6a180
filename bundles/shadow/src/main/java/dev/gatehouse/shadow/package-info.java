/** Device shadows. */
@NullMarked
package dev.gatehouse.shadow;

import org.jspecify.annotations.NullMarked;
