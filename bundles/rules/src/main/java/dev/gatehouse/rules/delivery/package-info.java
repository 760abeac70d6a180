/** The way of what rules make to their actions' targets, which may be slow or away. */
@NullMarked
package dev.gatehouse.rules.delivery;

import org.jspecify.annotations.NullMarked;
