/** The policy language: documents, their statements, and decisions. Pure functions. */
@NullMarked
package dev.gatehouse.identity.policy;

import org.jspecify.annotations.NullMarked;
