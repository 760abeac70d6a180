/** The bus: messages, topics, publishing, subscribing, and the owners of reserved topics. */
@Export
@Version("2.0.0")
@NullMarked
package dev.gatehouse.api.message;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
