/** The audit trail: records of the control plane's calls, in files that are bounded. */
@NullMarked
package dev.gatehouse.audit;

import org.jspecify.annotations.NullMarked;
