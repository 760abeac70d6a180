package dev.gatehouse.rules.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Principal;
import java.util.ArrayList;
import java.util.List;

/** Principals as arrays: the kind, then its parts. Their account is the message's. */
final class Principals {
  private Principals() {}

  static ArrayNode write(Principal principal) {
    ArrayNode parts = JsonNodeFactory.instance.arrayNode();
    if (principal instanceof Principal.Certificate p) {
      return parts.add("certificate").add(p.certificateId());
    } else if (principal instanceof Principal.User p) {
      return parts.add("user").add(p.userName()).add(p.userId());
    } else if (principal instanceof Principal.RoleSession p) {
      parts.add("role").add(p.roleName()).add(p.roleId()).add(p.sessionName());
      p.policies().forEach(parts::add);
      return parts;
    } else if (principal instanceof Principal.CognitoIdentity p) {
      return parts.add("cognito").add(p.identityId()).add(p.authenticated());
    } else if (principal instanceof Principal.Anonymous p) {
      return parts.add("anonymous").add(p.policyName());
    }
    return parts.add("component").add(principal.id());
  }

  static Principal read(Account account, JsonNode parts) {
    String first = parts.path(1).asText();
    return switch (parts.path(0).asText()) {
      case "certificate" -> new Principal.Certificate(account, first);
      case "user" -> new Principal.User(account, first, parts.path(2).asText());
      case "role" ->
          new Principal.RoleSession(
              account, first, parts.path(2).asText(), parts.path(3).asText(), from(4, parts));
      case "cognito" -> new Principal.CognitoIdentity(account, first, parts.path(2).asBoolean());
      case "anonymous" -> new Principal.Anonymous(account, first);
      case "component" -> new Principal.Component(account, first);
      default -> throw new IllegalStateException("a stored principal is of no known kind");
    };
  }

  private static List<String> from(int index, JsonNode parts) {
    List<String> rest = new ArrayList<>();
    for (int i = index; i < parts.size(); i++) {
      rest.add(parts.path(i).asText());
    }
    return rest;
  }
}
