package dev.gatehouse.drivers.host;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the host driver. */
@ObjectClassDefinition(name = "Gatehouse host driver")
@interface HostConfig {

  @AttributeDefinition(
      description =
          "Absolute path on the file system whose free space is read. Default /."
              + " Takes effect at once.")
  String diskPath() default "/";
}
