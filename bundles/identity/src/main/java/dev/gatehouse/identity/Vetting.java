package dev.gatehouse.identity;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.telemetry.LogText;
import dev.gatehouse.identity.policy.MalformedPolicy;
import dev.gatehouse.identity.policy.Policy;
import dev.gatehouse.identity.policy.PolicyParser;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the documents that people give, before they are kept. */
final class Vetting {
  private static final Logger LOG = LoggerFactory.getLogger(Vetting.class);

  private final boolean allowUnknownKeys;

  /**
   * Refuses or allows.
   *
   * @param allowUnknownKeys whether a condition whose key is unknown may give rights
   */
  Vetting(boolean allowUnknownKeys) {
    this.allowUnknownKeys = allowUnknownKeys;
  }

  /**
   * Looks at one.
   *
   * @param subject whose it is, for the log
   * @throws ServiceException MALFORMED_POLICY saying where and why
   */
  void check(String document, String subject) {
    Policy policy;
    try {
      policy = PolicyParser.parse(document);
    } catch (MalformedPolicy e) {
      throw refused(String.valueOf(e.getMessage()));
    }
    for (Policy.Finding finding : policy.findings()) {
      if (finding.gives() && !allowUnknownKeys) {
        throw refused(
            finding.text()
                + "; leave the condition out, or set unknownConditionKeys = allow of"
                + " dev.gatehouse.identity");
      }
      LOG.warn(
          "event=policy-surprising policy={} reason=\"{}\"",
          LogText.printable(subject),
          LogText.printable(finding.text()));
    }
  }

  private static ServiceException refused(String message) {
    return new ServiceException(ErrorCode.MALFORMED_POLICY, message);
  }
}
