package dev.gatehouse.identity;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.jspecify.annotations.Nullable;

/** What policies can ask of a certificate: the first value of each of its attributes. */
final class CertificateFacts {
  static final String PREFIX = "iot:Certificate.";
  private static final Map<String, ASN1ObjectIdentifier> NAMES =
      Map.ofEntries(
          Map.entry("DistinguishedNameQualifier", BCStyle.DN_QUALIFIER),
          Map.entry("Country", BCStyle.C),
          Map.entry("Organization", BCStyle.O),
          Map.entry("OrganizationalUnit", BCStyle.OU),
          Map.entry("State", BCStyle.ST),
          Map.entry("CommonName", BCStyle.CN),
          Map.entry("SerialNumber", BCStyle.SERIALNUMBER),
          Map.entry("Title", BCStyle.T),
          Map.entry("Surname", BCStyle.SURNAME),
          Map.entry("GivenName", BCStyle.GIVENNAME),
          Map.entry("Initials", BCStyle.INITIALS),
          Map.entry("Pseudonym", BCStyle.PSEUDONYM),
          Map.entry("GenerationQualifier", BCStyle.GENERATION));
  private static final Map<Integer, String> ALTERNATIVES = // RFC 5280, 4.2.1.6
      Map.of(
          1, "RFC822Name",
          2, "DNSName",
          4, "DirectoryName",
          6, "UniformResourceIdentifier",
          7, "IPAddress",
          8, "RegisteredID");

  private CertificateFacts() {}

  static void add(X509Certificate certificate, Map<String, String> facts) {
    facts.put(PREFIX + "SerialNumber", certificate.getSerialNumber().toString(16));
    names(PREFIX + "Subject.", certificate.getSubjectX500Principal(), facts);
    names(PREFIX + "Issuer.", certificate.getIssuerX500Principal(), facts);
    try {
      alternatives(
          PREFIX + "SubjectAlternativeName.", certificate.getSubjectAlternativeNames(), facts);
      alternatives(
          PREFIX + "IssuerAlternativeName.", certificate.getIssuerAlternativeNames(), facts);
    } catch (CertificateParsingException e) {
      facts.keySet().removeIf(name -> name.contains("AlternativeName")); // none can be believed
    }
  }

  private static void names(String prefix, X500Principal principal, Map<String, String> facts) {
    X500Name name = X500Name.getInstance(principal.getEncoded());
    NAMES.forEach(
        (attribute, id) -> {
          RDN[] values = name.getRDNs(id);
          if (values.length > 0) {
            facts.put(prefix + attribute, IETFUtils.valueToString(values[0].getFirst().getValue()));
          }
        });
  }

  private static void alternatives(
      String prefix, @Nullable Collection<List<?>> names, Map<String, String> facts) {
    if (names == null) {
      return;
    }
    for (List<?> name : names) {
      String kind = ALTERNATIVES.get(name.get(0));
      if (kind != null && name.get(1) instanceof String value) {
        facts.putIfAbsent(prefix + kind, value);
      }
    }
  }
}
