/** Tags of resources, and whose resources have them. */
@Export
@Version("1.0.0")
@NullMarked
package dev.gatehouse.api.tag;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
