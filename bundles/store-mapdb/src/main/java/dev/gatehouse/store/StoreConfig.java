package dev.gatehouse.store;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the store. All take effect when the store is started again. */
@ObjectClassDefinition(name = "Gatehouse store")
@interface StoreConfig {

  @AttributeDefinition(
      description =
          "Directory of the store's files, made if absent; relative to the gateway's home. Default"
              + " store.")
  String directory() default "store";

  @AttributeDefinition(
      description = "Megabytes of a segment of the journal, 1 to 256. Default 16.",
      min = "1",
      max = "256")
  int segmentMegabytes() default 16;

  @AttributeDefinition(
      description =
          "Megabytes that the journal may grow before a checkpoint, 1 to 1024. Default 32."
              + " It may grow to the size of the state, if that is larger.",
      min = "1",
      max = "1024")
  int checkpointMegabytes() default 32;

  @AttributeDefinition(
      description = "Minutes after which a change is checkpointed at rest, 1 to 1440. Default 60.",
      min = "1",
      max = "1440")
  int idleCheckpointMinutes() default 60;

  @AttributeDefinition(
      description =
          "Megabytes of rows held in memory outside the heap, 1 to 4096; more are held in a"
              + " scratch file. Default 64.",
      min = "1",
      max = "4096")
  int memoryMegabytes() default 64;

  @AttributeDefinition(
      description =
          "Kilobytes of disk kept for deletions and acknowledgements when it is full,"
              + " 64 to 1048576. Default 4096.",
      min = "64",
      max = "1048576")
  int reserveKilobytes() default 4096;
}
