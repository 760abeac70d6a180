/** Device drivers: points of equipment that speaks no MQTT. */
@Export
@Version("1.0.0")
@NullMarked
package dev.gatehouse.api.device;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
