/** A service for tests that speaks every protocol. It is one folder, as a service should be. */
@NullMarked
package dev.gatehouse.testkit.service;

import org.jspecify.annotations.NullMarked;
