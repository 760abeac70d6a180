package dev.gatehouse.drivers.things;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** One device that is shown as a thing. */
@ObjectClassDefinition(name = "Gatehouse device as a thing")
@interface ThingsConfig {

  @AttributeDefinition(
      description = "The driver's device id, such as host. Required. Takes effect at once.")
  String deviceId();

  @AttributeDefinition(
      description = "The thing, 1 to 128 of a-z A-Z 0-9 : _ -. Required. Takes effect at once.")
  String thingName();

  @AttributeDefinition(
      description = "Seconds between readings, 1 to 86400. Default 60.",
      min = "1",
      max = "86400")
  int intervalSeconds() default 60;

  @AttributeDefinition(
      description =
          "A number is reported when it moved by more than this, in the point's unit, 0 or more."
              + " Default 0: every change.")
  double deadband() default 0;
}
