/** {@code machinelearning_predict} of rule SQL, by models of Tribuo that lie in a directory. */
@NullMarked
package dev.gatehouse.functions.machinelearning;

import org.jspecify.annotations.NullMarked;
