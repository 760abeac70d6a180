package dev.gatehouse.iam.policy;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Arn;
import dev.gatehouse.api.identity.Principal;

/** Who asks to take a role, as trust policies name it. */
public sealed interface Party {

  /** Whether a {@code Principal} of a statement names it directly, not only its account. */
  boolean isNamedBy(String type, String value);

  /** Whether one names its account, which then says itself whom it lets. */
  default boolean accountIsNamedBy(String type, String value) {
    return false;
  }

  /** A user or a role's session. */
  record Caller(Principal principal) implements Party {
    @Override
    public boolean isNamedBy(String type, String value) {
      if (!type.equals("AWS")) {
        return false;
      }
      Account account = principal.account();
      if (principal instanceof Principal.RoleSession session) {
        return value.equals(arn(account, "sts", session))
            || (value.startsWith("arn:aws:iam::" + account.id() + ":role/")
                && value.endsWith("/" + session.roleName()));
      }
      return principal instanceof Principal.User user
          && value.startsWith("arn:aws:iam::" + account.id() + ":user/")
          && value.endsWith("/" + user.userName());
    }

    @Override
    public boolean accountIsNamedBy(String type, String value) {
      String id = principal.account().id();
      return type.equals("AWS")
          && (value.equals("*")
              || value.equals(id)
              || value.equals("arn:aws:iam::" + id + ":root"));
    }

    private static String arn(Account account, String service, Principal.RoleSession session) {
      return new Arn(
              "aws",
              service,
              "",
              account.id(),
              "assumed-role/" + session.roleName() + "/" + session.sessionName())
          .toString();
    }
  }

  /** A service of AWS, such as {@code iot.amazonaws.com}. */
  record Service(String name) implements Party {
    @Override
    public boolean isNamedBy(String type, String value) {
      return type.equals("Service") && value.equals(name);
    }
  }

  /** Whom an identity provider vouches for, such as {@code cognito-identity.amazonaws.com}. */
  record Federated(String provider) implements Party {
    @Override
    public boolean isNamedBy(String type, String value) {
      return type.equals("Federated") && value.equals(provider);
    }
  }
}
