package dev.gatehouse.iam;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of users, roles and accounts. All take effect when it is started again. */
@ObjectClassDefinition(name = "Gatehouse users, roles, accounts")
@interface IamConfig {

  @AttributeDefinition(
      description =
          "Directory below which secrets/ is kept, made if absent; relative to the gateway's home."
              + " Default the home itself.")
  String directory() default ".";

  @AttributeDefinition(
      description =
          "Whether a role that a rule names and that is absent is made, for callers who could have"
              + " made it themselves. Default true.")
  boolean makeMissingRoles() default true;

  @AttributeDefinition(
      description =
          "Issuers of OpenID Connect whose tokens identity pools may take: each its name, a blank,"
              + " and the file or https:// URL of its key set (JWKS); separated by commas. Default"
              + " none.")
  String openIdIssuers() default "";
}
