/** Who calls and what they may do: principals, their authentication, their rights, TLS keys. */
@Export
@Version("2.0.0")
@NullMarked
package dev.gatehouse.api.identity;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
