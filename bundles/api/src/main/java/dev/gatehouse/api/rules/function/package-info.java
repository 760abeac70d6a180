/** SQL functions that reach another domain, contributed by the bundle that owns it. */
@Export
@Version("2.0.0")
@NullMarked
package dev.gatehouse.api.rules.function;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
