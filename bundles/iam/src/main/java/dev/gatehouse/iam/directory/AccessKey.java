package dev.gatehouse.iam.directory;

/**
 * A user's key.
 *
 * @param id {@code AKIA…}
 * @param sealed the secret, sealed, in base64
 */
public record AccessKey(String id, boolean active, long createdMillis, String sealed) {

  /** The same, active or not. */
  public AccessKey with(boolean nowActive) {
    return new AccessKey(id, nowActive, createdMillis, sealed);
  }

  @Override
  public String toString() {
    return id;
  }
}
