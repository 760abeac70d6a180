/** MQTT packets as bytes and as records. Knows Netty's buffers and nothing else of the gateway. */
@NullMarked
package dev.gatehouse.mqtt.codec;

import org.jspecify.annotations.NullMarked;
