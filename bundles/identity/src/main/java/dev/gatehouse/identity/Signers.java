package dev.gatehouse.identity;

import dev.gatehouse.api.identity.Account;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import javax.security.auth.x500.X500Principal;

/** Registered CAs in memory, to find who signed a certificate. Thread-safe. */
final class Signers {
  private final Map<String, Signer> byId = new ConcurrentHashMap<>();
  private volatile Map<X500Principal, List<Signer>> bySubject = Map.of();

  /** A registered CA. */
  record Signer(
      Account account,
      String id,
      X509Certificate certificate,
      boolean active,
      boolean autoRegistration) {

    private boolean signed(X509Certificate leaf) {
      try {
        leaf.verify(certificate.getPublicKey());
        return true;
      } catch (GeneralSecurityException e) {
        return false;
      }
    }
  }

  synchronized void put(CaCertificate ca) {
    byId.put(
        ca.id(),
        new Signer(
            ca.account(),
            ca.id(),
            CertificateRules.read("the stored CA " + ca.id(), ca.pem()),
            ca.active(),
            ca.autoRegistration()));
    index();
  }

  synchronized void remove(String id) {
    byId.remove(id);
    index();
  }

  private void index() {
    bySubject =
        byId.values().stream()
            .collect(
                Collectors.groupingBy(
                    signer -> signer.certificate().getSubjectX500Principal(),
                    Collectors.toUnmodifiableList()));
  }

  Optional<Signer> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** All that could have signed a certificate: of one subject and key there may be several. */
  List<Signer> of(X509Certificate leaf) {
    List<Signer> found = new ArrayList<>();
    for (Signer signer : bySubject.getOrDefault(leaf.getIssuerX500Principal(), List.of())) {
      boolean sameKey =
          !found.isEmpty()
              && found
                  .get(0)
                  .certificate()
                  .getPublicKey()
                  .equals(signer.certificate().getPublicKey());
      if (sameKey || signer.signed(leaf)) { // one check a key
        found.add(signer);
      }
    }
    return found;
  }

  /**
   * The one that is meant: the one that was sent along, or the only one.
   *
   * @param candidates from {@link #of}
   * @param chain what a client sent
   */
  static Optional<Signer> meant(List<Signer> candidates, List<X509Certificate> chain) {
    for (X509Certificate sent : chain) {
      for (Signer candidate : candidates) {
        if (candidate.certificate().equals(sent)) {
          return Optional.of(candidate);
        }
      }
    }
    return candidates.size() == 1 ? Optional.of(candidates.get(0)) : Optional.empty();
  }
}
