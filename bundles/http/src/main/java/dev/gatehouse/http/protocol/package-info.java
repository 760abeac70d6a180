/**
 * The protocols of AWS services: how a request names its operation, how its parameters are read,
 * and how answers and errors are written. Handlers see JSON whatever the protocol.
 */
@NullMarked
package dev.gatehouse.http.protocol;

import org.jspecify.annotations.NullMarked;
