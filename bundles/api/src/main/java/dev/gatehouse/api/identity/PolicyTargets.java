package dev.gatehouse.api.identity;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/** What policies are attached to, for domains that own such targets: thing groups. */
@ProviderType
public interface PolicyTargets {

  /**
   * A target is gone, or about to be made anew: no policy stays attached to it.
   *
   * @param targetArn such as {@code arn:aws:iot:us-east-1:000000000000:thinggroup/lamps}
   * @return completes when that is durable
   */
  CompletionStage<Void> clear(Account account, String targetArn);
}
