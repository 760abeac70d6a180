/** The time that passed, on machines whose clock jumps. */
@Export
@Version("1.0.0")
@NullMarked
package dev.gatehouse.api.time;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
