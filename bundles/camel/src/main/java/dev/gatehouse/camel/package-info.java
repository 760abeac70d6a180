/** The way into Camel for the bundles that run routes. */
@Export
@Version("2.0.0")
@NullMarked
package dev.gatehouse.camel;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
