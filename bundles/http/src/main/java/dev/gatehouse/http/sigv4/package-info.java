/** AWS Signature Version 4: reading it off a request and checking it. Pure functions. */
@NullMarked
package dev.gatehouse.http.sigv4;

import org.jspecify.annotations.NullMarked;
