package dev.gatehouse.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CurvesTest {

  private static ECPublicKey key(String curve) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", new BouncyCastleProvider());
    generator.initialize(new ECGenParameterSpec(curve));
    return (ECPublicKey) generator.generateKeyPair().getPublic();
  }

  @ParameterizedTest
  @ValueSource(strings = {"secp256r1", "secp384r1", "secp521r1"})
  void keysOnCurvesOfHandshakesAreTaken(String curve) throws Exception {
    assertThat(CertificateRules.weakness(key(curve))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"secp224r1", "secp256k1", "brainpoolP256r1", "brainpoolP384r1", "sect283r1"})
  void keysOnOtherCurvesAreRefused(String curve) throws Exception {
    assertThat(CertificateRules.weakness(key(curve)))
        .contains("EC keys are on P-256, P-384 or P-521, not on another curve");
  }
}
