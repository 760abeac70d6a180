/** Metrics, health and the status file. */
@NullMarked
package dev.gatehouse.monitoring;

import org.jspecify.annotations.NullMarked;
