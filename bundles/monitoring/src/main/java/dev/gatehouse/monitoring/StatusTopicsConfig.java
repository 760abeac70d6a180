package dev.gatehouse.monitoring;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the metrics on {@code $SYS/gatehouse/…}, which are off while there are none. */
@ObjectClassDefinition(name = "Gatehouse monitoring by MQTT")
@interface StatusTopicsConfig {

  @AttributeDefinition(
      description = "Seconds between the publications of all metrics, 1 to 3600. Default 10.",
      min = "1",
      max = "3600")
  int intervalSeconds() default 10;
}
