/** What components tell of themselves: metrics, health and endpoints, read on demand. */
@Export
@Version("1.0.0")
@NullMarked
package dev.gatehouse.api.telemetry;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
