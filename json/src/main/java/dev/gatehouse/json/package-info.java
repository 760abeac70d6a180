/** Strict JSON: bodies of calls and values of the store. */
@NullMarked
package dev.gatehouse.json;

import org.jspecify.annotations.NullMarked;
