/** The broker: topic trie, sessions, queues, retained messages, lifecycle events. */
@NullMarked
package dev.gatehouse.broker;

import org.jspecify.annotations.NullMarked;
