/** The HTTPS edge: TLS, signatures, routing, throttling, audit. */
@NullMarked
package dev.gatehouse.http;

import org.jspecify.annotations.NullMarked;
