/** Where rules may send to, once whoever is there has confirmed it. */
@NullMarked
package dev.gatehouse.rules.destination;

import org.jspecify.annotations.NullMarked;
