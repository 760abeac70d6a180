package dev.gatehouse.iam.policy;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Decision;
import dev.gatehouse.api.identity.PolicyLanguage;
import dev.gatehouse.api.identity.PolicyLanguage.Compiled;
import dev.gatehouse.api.telemetry.LogText;
import dev.gatehouse.iam.service.IamErrors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Documents as they are compiled; the ones used last are kept. */
public final class Documents {
  private static final Logger LOG = LoggerFactory.getLogger(Documents.class);
  private static final int KEPT = 128;

  private final PolicyLanguage language;

  @SuppressWarnings("serial") // never serialised
  private final Map<String, Compiled> compiled = // guarded by itself
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Compiled> eldest) {
          return size() > KEPT;
        }
      };

  /** Compiles in one language. */
  public Documents(PolicyLanguage language) {
    this.language = language;
  }

  /**
   * Checks a document.
   *
   * @param maxLength characters, blanks not counted
   * @throws ServiceException MALFORMED_POLICY_DOCUMENT, or IAM_LIMIT_EXCEEDED
   */
  public void check(String document, int maxLength) {
    int length = length(document);
    if (length > maxLength) {
      throw new ServiceException(
          IamErrors.LIMIT_EXCEEDED,
          "The policy has " + length + " characters, at most " + maxLength + " are allowed.");
    }
    given(document);
  }

  /** Characters of a document, blanks not counted. */
  public static int length(String document) {
    return document.replaceAll("\\s", "").length();
  }

  /**
   * Compiles what somebody gives.
   *
   * @throws ServiceException MALFORMED_POLICY_DOCUMENT
   */
  public Compiled given(String document) {
    try {
      language.vet(document, "a document of IAM");
    } catch (ServiceException e) {
      throw malformed(e);
    }
    return strict(document);
  }

  private static ServiceException malformed(ServiceException error) {
    return error.code().equals(ErrorCode.MALFORMED_POLICY)
        ? new ServiceException(IamErrors.MALFORMED_POLICY_DOCUMENT, error.getMessage())
        : error;
  }

  /**
   * Compiles what somebody gave before.
   *
   * @throws ServiceException MALFORMED_POLICY_DOCUMENT
   */
  public Compiled strict(String document) {
    try {
      return language.compile(document);
    } catch (ServiceException e) {
      throw malformed(e);
    }
  }

  /** A stored document; one that cannot be read any more denies everything. */
  public Compiled of(String document) {
    synchronized (compiled) {
      Compiled known = compiled.get(document);
      if (known != null) {
        return known;
      }
    }
    Compiled made;
    try {
      made = strict(document);
    } catch (ServiceException e) {
      LOG.error("event=policy-unreadable effect=deny-all reason=\"{}\"", LogText.printable(e));
      made = (action, resource, variables) -> Decision.EXPLICITLY_DENIED;
    }
    synchronized (compiled) {
      compiled.put(document, made);
    }
    return made;
  }

  /** What several documents together say: an explicit deny first. */
  public static Decision decide(
      List<Compiled> documents, String action, String resource, Map<String, String> variables) {
    Decision all = Decision.IMPLICITLY_DENIED;
    for (Compiled document : documents) {
      Decision one = document.decide(action, resource, variables);
      if (one == Decision.EXPLICITLY_DENIED) {
        return one;
      }
      all = one.allowed() ? one : all;
    }
    return all;
  }
}
