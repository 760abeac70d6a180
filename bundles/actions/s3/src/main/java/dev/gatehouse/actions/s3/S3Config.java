package dev.gatehouse.actions.s3;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the S3 action. */
@ObjectClassDefinition(name = "Gatehouse S3 action")
@interface S3Config {

  @AttributeDefinition(
      description =
          "Directory of the objects, <directory>/<bucket>/<key>, made if absent. Required."
              + " Takes effect at once.")
  String directory();

  @AttributeDefinition(
      description =
          "Objects that may wait to be written, 1 to 10000; what comes on top fails and is tried"
              + " again. Default 64.",
      min = "1",
      max = "10000")
  int queue() default 64;
}
