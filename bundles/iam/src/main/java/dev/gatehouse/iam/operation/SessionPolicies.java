package dev.gatehouse.iam.operation;

import dev.gatehouse.api.identity.Arn;
import dev.gatehouse.iam.directory.AccountState;
import dev.gatehouse.iam.policy.Documents;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The policies that a call gives a session beside its role's (STS API: {@code Policy}, {@code
 * PolicyArns}).
 */
final class SessionPolicies {
  private static final int MAX_LENGTH = 2048;
  private static final int MAX_ARNS = 10;
  private static final String ARNS = "PolicyArns.member.";

  private SessionPolicies() {}

  /**
   * What a call gives, the document first.
   *
   * @throws dev.gatehouse.api.error.ServiceException MALFORMED_POLICY_DOCUMENT, or INVALID_INPUT
   */
  static List<String> read(Input input, Documents documents) {
    List<String> policies = new ArrayList<>();
    Optional<String> document = input.get("Policy");
    if (document.isPresent()) {
      policies.add(document(document.get(), documents));
    }
    long given = input.members(ARNS, "");
    if (given > MAX_ARNS) {
      throw Input.invalid("PolicyArns has " + given + " members, at most " + MAX_ARNS + " go.");
    }
    Set<String> arns = new HashSet<>();
    for (int i = 1; i <= given; i++) {
      String arn = arn(input.require(ARNS + i + ".arn"));
      if (!arns.add(arn)) {
        throw Input.invalid("PolicyArns names " + arn + " twice.");
      }
      policies.add(arn);
    }
    return policies;
  }

  private static String document(String text, Documents documents) {
    if (text.length() > MAX_LENGTH) {
      throw Input.invalid(
          "Policy has " + text.length() + " characters, at most " + MAX_LENGTH + " go.");
    }
    documents.given(text);
    return text.strip(); // begins with a brace now, so that it is none of the ARNs
  }

  private static String arn(String text) {
    if (text.length() > MAX_LENGTH) {
      throw Input.invalid("PolicyArns has an ARN of more than " + MAX_LENGTH + " characters.");
    }
    try {
      Arn arn = Arn.parse(text);
      if (arn.service().equals("iam") && arn.resource().startsWith("policy/")) {
        return text;
      }
    } catch (IllegalArgumentException e) {
      throw Input.invalid("PolicyArns: " + e.getMessage());
    }
    throw Input.invalid("PolicyArns: " + text + " is not of a managed policy.");
  }

  /**
   * All managed policies must be there, AWS's or of the role's account.
   *
   * @throws dev.gatehouse.api.error.ServiceException INVALID_INPUT
   */
  static void require(List<String> policies, AccountState account) {
    for (String policy : policies) {
      if (policy.startsWith("arn:") && account.policy(policy).isEmpty()) {
        throw Input.invalid("PolicyArns: the role's account has no policy " + policy + ".");
      }
    }
  }
}
