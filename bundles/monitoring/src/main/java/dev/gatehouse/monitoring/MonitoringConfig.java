package dev.gatehouse.monitoring;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the status file. */
@ObjectClassDefinition(name = "Gatehouse monitoring")
@interface MonitoringConfig {

  @AttributeDefinition(
      description =
          "Directory of status.json, made if absent; relative to the gateway's home. Takes effect"
              + " at once. Default run.")
  String directory() default "run";

  @AttributeDefinition(
      description =
          "Directory that bundles are dropped into; relative to the gateway's home. Takes effect at"
              + " once. Default deploy.")
  String deployDirectory() default "deploy";

  @AttributeDefinition(
      description =
          "Endpoints that must be open before the gateway calls itself ready, by name."
              + " Default mqtts and https.")
  String[] requiredEndpoints() default {"mqtts", "https"};

  @AttributeDefinition(
      description = "Seconds between looks at the health of components, 1 to 3600. Default 10.",
      min = "1",
      max = "3600")
  int healthIntervalSeconds() default 10;
}
