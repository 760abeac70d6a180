/** What a call can fail with: one code per AWS error, and the one exception that carries it. */
@Export
@Version("1.0.0")
@NullMarked
package dev.gatehouse.api.error;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
