package dev.gatehouse.iam.directory;

/**
 * A role.
 *
 * @param trust the document that says who may take it
 * @param maxSessionSeconds 3600 to 43200
 */
public record Role(
    String name,
    String path,
    String id,
    long createdMillis,
    String trust,
    String description,
    int maxSessionSeconds,
    Grants grants,
    Tags tags)
    implements Holder, Tagged {

  @Override
  public Kind kind() {
    return Kind.ROLE;
  }

  @Override
  public Role with(Grants next) {
    return new Role(
        name, path, id, createdMillis, trust, description, maxSessionSeconds, next, tags);
  }

  @Override
  public Role with(Tags next) {
    return new Role(
        name, path, id, createdMillis, trust, description, maxSessionSeconds, grants, next);
  }

  /** With another trust policy. */
  public Role trusting(String nextTrust) {
    return new Role(
        name, path, id, createdMillis, nextTrust, description, maxSessionSeconds, grants, tags);
  }

  /** With another description and length of sessions. */
  public Role described(String nextDescription, int nextSeconds) {
    return new Role(
        name, path, id, createdMillis, trust, nextDescription, nextSeconds, grants, tags);
  }
}
