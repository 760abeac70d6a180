/** The gateway's home, as Karaf knows it. */
@NullMarked
package dev.gatehouse.home;

import org.jspecify.annotations.NullMarked;
