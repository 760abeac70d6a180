/** What the edges share, in Netty's terms: event loops, and connections that change hands. */
@Export
@Version("1.0.0")
@NullMarked
package dev.gatehouse.edge;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
