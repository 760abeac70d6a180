/** The rules' SQL (AWS IoT SQL Reference): a parser, expressions that evaluate, templates. */
@NullMarked
package dev.gatehouse.rules.sql;

import org.jspecify.annotations.NullMarked;
