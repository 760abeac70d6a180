/** The memory budget: how many bytes of heap clients may make the gateway hold. */
@Export
@Version("1.0.0")
@NullMarked
package dev.gatehouse.api.memory;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
