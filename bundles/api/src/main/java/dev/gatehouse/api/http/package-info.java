/** AWS-shaped API operations: what a bundle contributes and the HTTP edge serves. */
@Export
@Version("1.0.0")
@NullMarked
package dev.gatehouse.api.http;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
