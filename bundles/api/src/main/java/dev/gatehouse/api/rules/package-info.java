/** The rules for those who operate the gateway. */
@Export
@Version("1.0.0")
@NullMarked
package dev.gatehouse.api.rules;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
