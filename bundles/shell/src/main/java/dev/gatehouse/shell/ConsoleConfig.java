package dev.gatehouse.shell;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Where the console's key is kept. */
@ObjectClassDefinition(name = "Gatehouse console")
@interface ConsoleConfig {

  @AttributeDefinition(
      description =
          "The private key that the launcher logs in with, made if absent; relative to the"
              + " gateway's home. Default secrets/console.key.")
  String keyFile() default "secrets/console.key";

  @AttributeDefinition(
      description =
          "Karaf's list of public keys, to which the key's owner is added; relative to the"
              + " gateway's home. Default etc/keys.properties.")
  String authorizedKeys() default "etc/keys.properties";
}
