/** MQTT sessions: what a protocol edge asks of the broker, and what the broker asks of an edge. */
@Export
@Version("3.1.0")
@NullMarked
package dev.gatehouse.api.session;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
