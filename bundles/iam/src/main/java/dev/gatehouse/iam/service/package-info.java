/** The services that this bundle serves, and the errors that it alone raises. */
@NullMarked
package dev.gatehouse.iam.service;

import org.jspecify.annotations.NullMarked;
