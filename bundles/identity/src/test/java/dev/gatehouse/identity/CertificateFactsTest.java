package dev.gatehouse.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Date;
import java.util.Map;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;

/** The example of AWS's guide, "Using X.509 certificate policy variables". */
class CertificateFactsTest {

  private static Known facts(String subject, ASN1Encodable... alternatives) throws Exception {
    var keys = CertificateMaker.ecKeys();
    var builder =
        new JcaX509v3CertificateBuilder(
            new X500Name("C=US,O=IoT Devices,CN=Primary CA"),
            new BigInteger("921285cbb7a5e086", 16),
            Date.from(Booted.NOW),
            Date.from(Booted.NOW.plusSeconds(60)),
            new X500Name(subject),
            keys.getPublic());
    if (alternatives.length > 0) {
      builder.addExtension(Extension.subjectAlternativeName, false, new DERSequence(alternatives));
    }
    Known facts = new Known(Map.of());
    CertificateFacts.add(
        new JcaX509CertificateConverter()
            .getCertificate(
                builder.build(
                    new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))),
        facts);
    return facts;
  }

  private static GeneralName name(int kind, String value) {
    return new GeneralName(kind, value);
  }

  @Test
  void theSerialNumberIsDecimal() throws Exception {
    assertThat(facts("CN=a").one("iot:Certificate.SerialNumber")).isEqualTo("10525622389124227206");
  }

  @Test
  void anAttributeHasAFirstValueValuesByIndexAndAList() throws Exception {
    Known facts = facts("O=Example Corp,O=AnyCompany,CN=a");
    String name = "iot:Certificate.Subject.Organization";
    assertThat(facts.one(name)).isEqualTo("Example Corp");
    assertThat(facts.one(name + ".0")).isEqualTo("Example Corp");
    assertThat(facts.one("IOT:certificate.subject.organization.1")).isEqualTo("AnyCompany");
    assertThat(facts.one(name + ".2")).isNull();
    assertThat(facts.all(name + ".List")).containsExactly("Example Corp", "AnyCompany");
    assertThat(facts.one(name + ".List")).as("no one value").isNull();
    assertThat(facts.all("iot:Certificate.Subject.Country.List")).isEmpty();
    assertThat(facts.all("iot:Certificate.AvailableKeys"))
        .contains("iot:Certificate.Subject.CommonName", "iot:Certificate.SerialNumber");
  }

  @Test
  void alternativeNamesAreAsTheGuideShowsThem() throws Exception {
    Known facts =
        facts(
            "CN=a",
            name(GeneralName.dNSName, "example.com"),
            name(GeneralName.iPAddress, "1.2.3.4"),
            name(GeneralName.uniformResourceIdentifier, "ResourceIdentifier001"),
            name(GeneralName.rfc822Name, "device1@example.com"),
            new GeneralName(new X500Name("C=US,O=IoT,OU=SmartHome,CN=LightBulbCert")));
    String names = "iot:Certificate.Subject.AlternativeName.";
    assertThat(facts.one(names + "DNSName")).isEqualTo("example.com");
    assertThat(facts.one(names + "IPAddress")).isEqualTo("1.2.3.4");
    assertThat(facts.one(names + "UniformResourceIdentifier")).isEqualTo("ResourceIdentifier001");
    assertThat(facts.one(names + "RFC822Name")).isEqualTo("device1@example.com");
    assertThat(facts.one(names + "DirectoryName"))
        .isEqualTo("cn=LightBulbCert,ou=SmartHome,o=IoT,c=US");
    assertThat(facts.one("iot:Certificate.SubjectAlternativeName.DNSName"))
        .as("as earlier versions called it")
        .isEqualTo("example.com");
  }

  @Test
  void anAlternativeNameThatCannotBeReadHidesNoOther() throws Exception {
    Known facts =
        facts(
            "CN=a",
            new DERTaggedObject(false, GeneralName.iPAddress, new DEROctetString(new byte[3])),
            new DERTaggedObject(false, 31, new DERIA5String("x")),
            name(GeneralName.dNSName, "example.com"));
    assertThat(facts.one("iot:Certificate.Subject.AlternativeName.DNSName"))
        .isEqualTo("example.com");
    assertThat(facts.one("iot:Certificate.Subject.AlternativeName.IPAddress")).isNull();
  }
}
