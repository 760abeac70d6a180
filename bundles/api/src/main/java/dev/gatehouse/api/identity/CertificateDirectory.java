package dev.gatehouse.api.identity;

import org.osgi.annotation.versioning.ProviderType;

/** Which device certificates an account has, for domains that refer to them. */
@ProviderType
public interface CertificateDirectory {

  /** True if the account has a certificate of that id, whatever its status. Memory only. */
  boolean exists(Account account, String certificateId);
}
