/** Certificates, keys, policies, and who may do what. */
@NullMarked
package dev.gatehouse.identity;

import org.jspecify.annotations.NullMarked;
