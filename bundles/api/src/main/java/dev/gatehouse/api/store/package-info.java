/** Durable state: tables and queues of bytes, changed by atomic batches with group commit. */
@Export
@Version("1.0.0")
@NullMarked
package dev.gatehouse.api.store;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
