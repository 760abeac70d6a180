package dev.gatehouse.iam.cognito;

import java.util.Optional;

/** The pools and identities there are. In memory. */
public interface Pools {

  /** The pool of an identity, if there is such an identity. */
  Optional<Pool> poolOf(String identityId);
}
