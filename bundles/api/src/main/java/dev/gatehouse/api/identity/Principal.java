package dev.gatehouse.api.identity;

import java.util.List;

/** Whoever a message or a call comes from. Equal principals have the same rights. */
public sealed interface Principal {

  /** The account that the principal belongs to. */
  Account account();

  /**
   * What {@code principal()} of rule SQL and an audit record show: the certificate id, the user id,
   * {@code roleId:session}, the Cognito identity id.
   */
  String id();

  /**
   * A device known by its X.509 certificate.
   *
   * @param certificateId SHA-256 of the DER form, 64 lower-case hex digits
   */
  record Certificate(Account account, String certificateId) implements Principal {
    @Override
    public String id() {
      return certificateId;
    }

    /** {@code arn:aws:iot:region:account:cert/id}. */
    public Arn arn() {
      return account.arn("iot", "cert/" + certificateId);
    }
  }

  /** An IAM user. */
  record User(Account account, String userName, String userId) implements Principal {
    @Override
    public String id() {
      return userId;
    }

    /** {@code arn:aws:iam::account:user/name}. */
    public Arn arn() {
      return new Arn("aws", "iam", "", account.id(), "user/" + userName);
    }
  }

  /**
   * A session of an assumed IAM role.
   *
   * @param policies what limits it beyond the role's policies (IAM User Guide: session policies):
   *     documents, and ARNs of managed policies; if there are none, nothing does
   */
  record RoleSession(
      Account account, String roleName, String roleId, String sessionName, List<String> policies)
      implements Principal {

    /** Copies the list. */
    public RoleSession {
      policies = List.copyOf(policies);
    }

    /** A session that may do whatever its role may. */
    public RoleSession(Account account, String roleName, String roleId, String sessionName) {
      this(account, roleName, roleId, sessionName, List.of());
    }

    @Override
    public String id() {
      return roleId + ":" + sessionName;
    }
  }

  /** An identity of a Cognito identity pool. */
  record CognitoIdentity(Account account, String identityId, boolean authenticated)
      implements Principal {
    @Override
    public String id() {
      return identityId;
    }
  }

  /**
   * A client of the plaintext loopback listener, which has the rights of one policy and no name.
   *
   * @param policyName the policy in the account that says what such clients may do
   */
  record Anonymous(Account account, String policyName) implements Principal {
    @Override
    public String id() {
      return "anonymous";
    }
  }

  /** A part of the gateway itself: trusted, and never authenticated from outside. */
  record Component(Account account, String name) implements Principal {
    @Override
    public String id() {
      return name;
    }
  }
}
