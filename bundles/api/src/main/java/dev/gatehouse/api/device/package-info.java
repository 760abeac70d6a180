/**
 * Device drivers: points of equipment that speaks no MQTT, their readings, the state of the
 * connection, and the lines that devices share.
 */
@Export
@Version("2.0.0")
@NullMarked
package dev.gatehouse.api.device;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
