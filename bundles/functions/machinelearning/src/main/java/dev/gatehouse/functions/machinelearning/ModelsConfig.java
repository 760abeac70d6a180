package dev.gatehouse.functions.machinelearning;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of {@code machinelearning_predict}. */
@ObjectClassDefinition(name = "Gatehouse machine learning")
@interface ModelsConfig {

  @AttributeDefinition(
      description =
          "Directory of the models: the model ID is <directory>/ID.tribuo, in Tribuo's protobuf"
              + " format. Relative to the gateway's home. Takes effect at once. Default models.")
  String directory() default "models";

  @AttributeDefinition(
      description = "Models that are kept in memory, 1 to 1000. Default 8.",
      min = "1",
      max = "1000")
  int models() default 8;
}
