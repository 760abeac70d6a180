/** The directory that holds the state of the gateway. */
@Export
@Version("1.0.0")
@NullMarked
package dev.gatehouse.api.home;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
