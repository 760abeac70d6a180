/**
 * What IAM keeps: accounts, users, groups, roles, managed policies. In memory, and in the store.
 */
@NullMarked
package dev.gatehouse.iam.directory;

import org.jspecify.annotations.NullMarked;
