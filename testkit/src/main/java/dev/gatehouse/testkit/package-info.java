/** Hand-written fakes of the contracts, for tests without a container. */
@NullMarked
package dev.gatehouse.testkit;

import org.jspecify.annotations.NullMarked;
