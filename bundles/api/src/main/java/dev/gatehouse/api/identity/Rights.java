package dev.gatehouse.api.identity;

import org.osgi.annotation.versioning.ProviderType;

/** What one caller may do at this moment. Thread-safe, memory only, never blocks. */
@ProviderType
public interface Rights {

  /**
   * Decides.
   *
   * @param action such as {@code iot:Publish}
   * @param resource the full ARN, such as {@code arn:aws:iot:us-east-1:000000000000:topic/a/b}
   */
  Decision decide(String action, String resource);

  /**
   * Changes whenever an answer of {@link #decide} may have changed: answers may be cached as long
   * as it stays the same.
   */
  long revision();
}
