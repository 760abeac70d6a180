/** Karaf console commands. */
@NullMarked
package dev.gatehouse.shell;

import org.jspecify.annotations.NullMarked;
