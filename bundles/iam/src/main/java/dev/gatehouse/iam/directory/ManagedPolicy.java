package dev.gatehouse.iam.directory;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A managed policy.
 *
 * @param versions oldest first, at least one
 * @param nextVersion the number of the next one
 */
public record ManagedPolicy(
    String name,
    String path,
    String id,
    long createdMillis,
    String description,
    int defaultVersion,
    int nextVersion,
    List<Version> versions,
    Tags tags)
    implements Tagged {

  /** Copies the list. */
  public ManagedPolicy {
    versions = List.copyOf(versions);
  }

  /** A version. */
  public record Version(int number, String document, long createdMillis) {}

  @Override
  public Kind kind() {
    return Kind.POLICY;
  }

  /** A version, if there is one of that number. */
  public Optional<Version> version(int number) {
    return versions.stream().filter(version -> version.number() == number).findFirst();
  }

  /** The version that decides. */
  public Version current() {
    return version(defaultVersion).orElseThrow();
  }

  /** With one more version. */
  public ManagedPolicy plus(String document, boolean asDefault, long nowMillis) {
    List<Version> next = new ArrayList<>(versions);
    next.add(new Version(nextVersion, document, nowMillis));
    return with(asDefault ? nextVersion : defaultVersion, nextVersion + 1, next);
  }

  /** Without a version. */
  public ManagedPolicy minus(int number) {
    List<Version> next = versions.stream().filter(v -> v.number() != number).toList();
    return with(defaultVersion, nextVersion, next);
  }

  /** With another version to decide. */
  public ManagedPolicy withDefault(int number) {
    return with(number, nextVersion, versions);
  }

  private ManagedPolicy with(int deciding, int next, List<Version> nextVersions) {
    return new ManagedPolicy(
        name, path, id, createdMillis, description, deciding, next, nextVersions, tags);
  }

  @Override
  public ManagedPolicy with(Tags next) {
    return new ManagedPolicy(
        name, path, id, createdMillis, description, defaultVersion, nextVersion, versions, next);
  }
}
