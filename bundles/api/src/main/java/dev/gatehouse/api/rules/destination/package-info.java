/** Destinations of rules: servers that have confirmed that they want messages. */
@Export
@Version("1.0.0")
@NullMarked
package dev.gatehouse.api.rules.destination;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
