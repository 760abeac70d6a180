package dev.gatehouse.http;

import dev.gatehouse.api.identity.Arn;
import dev.gatehouse.api.identity.Principal;

/** The text of a denial in AWS's words: programs and people look for the action in it. */
final class Denial {
  private Denial() {}

  static String text(Principal caller, String action, String resource) {
    return "User: %s is not authorized to perform: %s on resource: %s"
        .formatted(name(caller), action, resource);
  }

  /** The ARN, where the caller has one. */
  private static String name(Principal caller) {
    if (caller instanceof Principal.User user) {
      return user.arn().toString();
    }
    if (caller instanceof Principal.Certificate certificate) {
      return certificate.arn().toString();
    }
    if (caller instanceof Principal.RoleSession session) {
      String resource = "assumed-role/" + session.roleName() + "/" + session.sessionName();
      return new Arn("aws", "sts", "", session.account().id(), resource).toString();
    }
    return caller.id();
  }
}
