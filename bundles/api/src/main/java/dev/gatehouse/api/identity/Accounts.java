package dev.gatehouse.api.identity;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/** The accounts of the gateway. In memory, except where a stage is returned. */
@ProviderType
public interface Accounts {

  /** All, the default one first. */
  List<Listed> list();

  /** The account of an id, if there is one. */
  Optional<Account> find(String accountId);

  /**
   * Makes an account with an administrator.
   *
   * @param accountId twelve digits
   * @param name for people, at most 50 characters
   * @return completes with the administrator's key, which nobody is told again; exceptionally with
   *     a {@link dev.gatehouse.api.error.ServiceException} ENTITY_ALREADY_EXISTS, INVALID_INPUT, or
   *     IAM_LIMIT_EXCEEDED
   */
  CompletionStage<AccessKey> create(String accountId, String name);

  /** An account and what it is called. */
  record Listed(Account account, String name) {}

  /** A key and its secret; not for logs. */
  record AccessKey(String accessKeyId, String secretAccessKey) {
    @Override
    public String toString() {
      return accessKeyId;
    }
  }
}
