/** The audit trail: who did what, when, and from where. */
@Export
@Version("1.0.0")
@NullMarked
package dev.gatehouse.api.audit;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
