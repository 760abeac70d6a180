/** The thing registry, for those who read it from inside the gateway. */
@Export
@Version("1.0.0")
@NullMarked
package dev.gatehouse.api.registry;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
