/** Rule actions: what a bundle contributes so that rules can act. */
@Export
@Version("2.0.0")
@NullMarked
package dev.gatehouse.api.rules.action;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
