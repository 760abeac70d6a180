package dev.gatehouse.iam.directory;

/** A group of users. Who is in it, users know. */
public record Group(String name, String path, String id, long createdMillis, Grants grants)
    implements Holder {

  @Override
  public Kind kind() {
    return Kind.GROUP;
  }

  @Override
  public Group with(Grants next) {
    return new Group(name, path, id, createdMillis, next);
  }

  /** Under another name and path. */
  public Group renamed(String nextName, String nextPath) {
    return new Group(nextName, nextPath, id, createdMillis, grants);
  }
}
