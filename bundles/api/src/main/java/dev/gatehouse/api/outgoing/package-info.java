/** Calls to servers outside the gateway: who may be called. */
@Export
@Version("1.0.0")
@NullMarked
package dev.gatehouse.api.outgoing;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
