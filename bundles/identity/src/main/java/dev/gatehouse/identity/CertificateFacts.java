package dev.gatehouse.identity;

import dev.gatehouse.api.telemetry.LogText;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1IA5String;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x500.style.RFC4519Style;
import org.bouncycastle.asn1.x509.GeneralName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What policies can ask of a certificate (guide: X.509 certificate policy variables). */
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

  private static final String SUBJECT_ALTERNATIVES = "2.5.29.17";
  private static final String ISSUER_ALTERNATIVES = "2.5.29.18";
  private static final Logger LOG = LoggerFactory.getLogger(CertificateFacts.class);

  private CertificateFacts() {}

  static void add(X509Certificate certificate, Known facts) {
    facts.put(PREFIX + "SerialNumber", certificate.getSerialNumber().toString());
    names(PREFIX + "Subject.", certificate.getSubjectX500Principal(), facts);
    names(PREFIX + "Issuer.", certificate.getIssuerX500Principal(), facts);
    alternatives("Subject", certificate.getExtensionValue(SUBJECT_ALTERNATIVES), facts);
    alternatives("Issuer", certificate.getExtensionValue(ISSUER_ALTERNATIVES), facts);
    facts.putList(PREFIX + "AvailableKeys", facts.names(PREFIX));
  }

  private static void names(String prefix, X500Principal principal, Known facts) {
    X500Name name = X500Name.getInstance(principal.getEncoded());
    NAMES.forEach(
        (attribute, id) ->
            facts.put(
                prefix + attribute,
                Arrays.stream(name.getRDNs(id))
                    .map(value -> IETFUtils.valueToString(value.getFirst().getValue()))
                    .toList()));
  }

  /** The names of an extension. One that cannot be read is passed over, and hides no other. */
  private static void alternatives(String whose, byte @Nullable [] extension, Known facts) {
    Map<String, List<String>> found = new TreeMap<>();
    for (ASN1Encodable element : elements(extension)) {
      try {
        GeneralName name = GeneralName.getInstance(element);
        String kind = ALTERNATIVES.get(name.getTagNo());
        String value = kind == null ? null : text(name);
        if (kind != null && value != null) {
          found.computeIfAbsent(kind, none -> new ArrayList<>()).add(value);
        }
      } catch (IllegalArgumentException | IllegalStateException e) {
        LOG.debug("event=alternative-name-unreadable reason=\"{}\"", LogText.printable(e));
      }
    }
    found.forEach(
        (kind, values) -> {
          facts.put(PREFIX + whose + ".AlternativeName." + kind, values);
          facts.put(PREFIX + whose + "AlternativeName." + kind, values.get(0)); // its former name
        });
  }

  private static List<ASN1Encodable> elements(byte @Nullable [] extension) {
    if (extension == null) {
      return List.of();
    }
    try {
      byte[] content = ASN1OctetString.getInstance(extension).getOctets();
      return List.of(ASN1Sequence.getInstance(content).toArray());
    } catch (IllegalArgumentException | IllegalStateException e) {
      LOG.debug("event=alternative-names-unreadable reason=\"{}\"", LogText.printable(e));
      return List.of();
    }
  }

  private static @Nullable String text(GeneralName name) {
    return switch (name.getTagNo()) {
      case GeneralName.directoryName ->
          RFC4519Style.INSTANCE.toString(X500Name.getInstance(name.getName()));
      case GeneralName.iPAddress ->
          address(ASN1OctetString.getInstance(name.getName()).getOctets());
      case GeneralName.registeredID -> ASN1ObjectIdentifier.getInstance(name.getName()).getId();
      default -> ASN1IA5String.getInstance(name.getName()).getString();
    };
  }

  private static @Nullable String address(byte[] octets) {
    try {
      return InetAddress.getByAddress(octets).getHostAddress();
    } catch (UnknownHostException e) {
      return null; // neither 4 nor 16 octets
    }
  }
}
