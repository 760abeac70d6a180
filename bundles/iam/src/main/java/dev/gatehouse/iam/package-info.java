/** Users, groups, roles, their sessions, accounts. */
@NullMarked
package dev.gatehouse.iam;

import org.jspecify.annotations.NullMarked;
