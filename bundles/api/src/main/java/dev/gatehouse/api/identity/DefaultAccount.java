package dev.gatehouse.api.identity;

import org.osgi.annotation.versioning.ProviderType;

/** The account that the gateway serves where nothing says another. */
@ProviderType
public interface DefaultAccount {

  /** The configured account and region; 000000000000 and us-east-1 unless set. */
  Account account();
}
