package dev.gatehouse.identity;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** Settings of the identity. All take effect when it is started again. */
@ObjectClassDefinition(name = "Gatehouse identity")
@interface IdentityConfig {

  @AttributeDefinition(
      description =
          "Directory below which pki/ and secrets/ are kept, made if absent; relative to the"
              + " gateway's home. Default the home itself.")
  String directory() default ".";

  @AttributeDefinition(description = "The default account, twelve digits. Default 000000000000.")
  String accountId() default "000000000000";

  @AttributeDefinition(description = "The default region. Default us-east-1.")
  String region() default "us-east-1";

  @AttributeDefinition(
      description =
          "Name of the policy of clients without a certificate on the plaintext listener."
              + " Default empty: they are refused.")
  String anonymousPolicy() default "";

  @AttributeDefinition(
      description =
          "Cipher suites that TLS offers: modern (TLS 1.3, and ECDHE with AES-GCM), or guide, which"
              + " adds those of the AWS guide that lack forward secrecy or authenticated encryption."
              + " Default modern.",
      options = {
        @Option(label = "modern", value = "modern"),
        @Option(label = "guide", value = "guide")
      })
  String cipherSuites() default "modern";

  @AttributeDefinition(
      description =
          "What becomes of a new policy with a condition whose key the gateway does not know, where"
              + " that would give rights: refuse, or allow with a warning in the log. Default"
              + " refuse.",
      options = {
        @Option(label = "refuse", value = "refuse"),
        @Option(label = "allow", value = "allow")
      })
  String unknownConditionKeys() default "refuse";
}
