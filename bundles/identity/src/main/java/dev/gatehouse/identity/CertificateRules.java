package dev.gatehouse.identity;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.jspecify.annotations.Nullable;

/** What certificates must be like to be registered, and to be let in. */
final class CertificateRules {
  static final int MAX_PEM = 65_536;
  private static final int MIN_RSA_BITS = 2048;
  private static final int SIGN_CERTIFICATES = 5; // bits of KeyUsage (RFC 5280, 4.2.1.3)
  private static final int SIGN = 0;
  private static final List<String> CLIENT_USES =
      List.of("1.3.6.1.5.5.7.3.2", "2.5.29.37.0"); // clientAuth, any

  private CertificateRules() {}

  /** Why a device's certificate cannot be used, if so; its validity in time is not looked at. */
  static Optional<String> flaw(X509Certificate certificate) {
    Optional<String> weak = weakness(certificate);
    if (weak.isPresent()) {
      return weak;
    }
    boolean @Nullable [] usage = certificate.getKeyUsage();
    if (usage != null && !usage[SIGN]) {
      return Optional.of("its key usage does not allow digital signatures");
    }
    try {
      @Nullable List<String> uses = certificate.getExtendedKeyUsage();
      if (uses != null && uses.stream().noneMatch(CLIENT_USES::contains)) {
        return Optional.of("its extended key usage does not allow client authentication");
      }
    } catch (CertificateParsingException e) {
      return Optional.of("its extended key usage is malformed");
    }
    return Optional.empty();
  }

  /** Why a certificate cannot be a CA's, if so. */
  static Optional<String> flawOfCa(X509Certificate certificate) {
    if (certificate.getBasicConstraints() < 0) {
      return Optional.of("it is not a CA's: its basic constraints do not say CA:TRUE");
    }
    boolean @Nullable [] usage = certificate.getKeyUsage();
    if (usage != null && !usage[SIGN_CERTIFICATES]) {
      return Optional.of("its key usage does not allow to sign certificates");
    }
    return weakness(certificate);
  }

  private static Optional<String> weakness(X509Certificate certificate) {
    String algorithm = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
    if (algorithm.contains("MD5") || algorithm.contains("MD2") || algorithm.contains("SHA1")) {
      return Optional.of("signatures with " + certificate.getSigAlgName() + " are not accepted");
    }
    return weakness(certificate.getPublicKey());
  }

  /** Why a key cannot be used, if so. */
  static Optional<String> weakness(PublicKey key) {
    if (key instanceof RSAPublicKey rsa) {
      return rsa.getModulus().bitLength() < MIN_RSA_BITS
          ? Optional.of("RSA keys below " + MIN_RSA_BITS + " bits are not accepted")
          : Optional.empty();
    }
    if (key instanceof ECPublicKey ec) {
      return Curves.used(ec.getParams())
          ? Optional.empty()
          : Optional.of("EC keys are on P-256, P-384 or P-521, not on another curve");
    }
    return Optional.of("keys are RSA or EC, not " + key.getAlgorithm());
  }

  /** The common name of a certificate's subject, if it has one. */
  static Optional<String> commonName(X509Certificate certificate) {
    RDN[] names =
        X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded())
            .getRDNs(BCStyle.CN);
    return names.length == 0
        ? Optional.empty()
        : Optional.of(IETFUtils.valueToString(names[0].getFirst().getValue()));
  }

  /**
   * Reads the first certificate of a PEM text.
   *
   * @throws ServiceException CERTIFICATE_VALIDATION naming what it is
   */
  static X509Certificate read(String what, String pem) {
    if (pem.isEmpty() || pem.length() > MAX_PEM) {
      throw new ServiceException(
          ErrorCode.INVALID_REQUEST,
          what + " has " + pem.length() + " characters; 1 to " + MAX_PEM + " are allowed");
    }
    try {
      return Pem.certificate(pem);
    } catch (GeneralSecurityException e) {
      throw invalid(what + " is not an X.509 certificate in PEM form: " + e.getMessage());
    }
  }

  static ServiceException invalid(String message) {
    return new ServiceException(IdentityErrors.CERTIFICATE_VALIDATION, message);
  }

  static String id(X509Certificate certificate) {
    try {
      return Certificates.id(certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw invalid("the certificate has no DER form");
    }
  }

  static String pem(X509Certificate certificate) {
    try {
      return Pem.encode(certificate);
    } catch (GeneralSecurityException e) {
      throw invalid("the certificate has no DER form");
    }
  }
}
