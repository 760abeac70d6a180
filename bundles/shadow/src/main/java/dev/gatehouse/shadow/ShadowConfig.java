package dev.gatehouse.shadow;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The configuration, PID {@code dev.gatehouse.shadow}; a change restarts the service, shadows stay.
 */
@ObjectClassDefinition(name = "Gatehouse shadows")
@interface ShadowConfig {

  @AttributeDefinition(
      description =
          "Levels of objects and arrays within desired or reported, 1 to 50; deeper requests are"
              + " refused. Default 5 (guide of 2016).",
      min = "1",
      max = "50")
  int maxLevels() default 5;

  @AttributeDefinition(
      description =
          "Days after which a shadow that nobody updated or retrieved is deleted, 0 (never) to"
              + " 36500. Default 365.",
      min = "0",
      max = "36500")
  int lifetimeDays() default 365;
}
