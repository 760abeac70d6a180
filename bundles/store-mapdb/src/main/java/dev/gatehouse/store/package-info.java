/** The store on a journal and MapDB. */
@NullMarked
package dev.gatehouse.store;

import org.jspecify.annotations.NullMarked;
