/** Device shadows, for those who reach them from inside the gateway. */
@Export
@Version("1.2.0")
@NullMarked
package dev.gatehouse.api.shadow;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
