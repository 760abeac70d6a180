package dev.gatehouse.audit;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the audit trail. A change starts it again; records stay. */
@ObjectClassDefinition(name = "Gatehouse audit trail")
@interface AuditConfig {

  @AttributeDefinition(
      description =
          "Directory of the files, made if absent; relative to the gateway's home. Default"
              + " data/audit.")
  String directory() default "data/audit";

  @AttributeDefinition(
      description = "Kilobytes of a file before the next is begun, 64 to 65536. Default 1024.",
      min = "64",
      max = "65536")
  int fileKilobytes() default 1024;

  @AttributeDefinition(
      description = "Files kept, 2 to 1000; the oldest goes first. Default 20.",
      min = "2",
      max = "1000")
  int files() default 20;
}
