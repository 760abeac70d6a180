package dev.gatehouse.shell;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Where the console's key is kept. */
@ObjectClassDefinition(name = "Gatehouse console")
@interface ConsoleConfig {

  @AttributeDefinition(
      description = "The private key that the launcher logs in with, made if absent. Required.")
  String keyFile();

  @AttributeDefinition(
      description = "Karaf's list of public keys, to which the key's owner is added. Required.")
  String authorizedKeys();
}
