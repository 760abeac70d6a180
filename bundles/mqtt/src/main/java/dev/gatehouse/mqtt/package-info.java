/** The MQTT edge: listeners, TLS, protocol, authorisation. */
@NullMarked
package dev.gatehouse.mqtt;

import org.jspecify.annotations.NullMarked;
