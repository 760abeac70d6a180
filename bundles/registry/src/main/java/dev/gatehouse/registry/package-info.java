/** Things and what is attached to them. */
@NullMarked
package dev.gatehouse.registry;

import org.jspecify.annotations.NullMarked;
