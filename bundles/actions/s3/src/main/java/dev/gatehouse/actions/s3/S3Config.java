package dev.gatehouse.actions.s3;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the S3 action. */
@ObjectClassDefinition(name = "Gatehouse S3 action")
@interface S3Config {

  @AttributeDefinition(
      description =
          "Directory of the objects, <directory>/<bucket>/<key>, made if absent; relative to the"
              + " gateway's home. Takes effect at once. Default s3.")
  String directory() default "s3";
}
