package dev.gatehouse.identity;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.util.ArrayList;
import java.util.List;

/** The elliptic curves that TLS handshakes use (RFC 8446, 4.2.3): a key on another is of no use. */
final class Curves {
  private static final List<ECParameterSpec> USED = load("secp256r1", "secp384r1", "secp521r1");

  private Curves() {}

  private static List<ECParameterSpec> load(String... names) {
    List<ECParameterSpec> curves = new ArrayList<>();
    try {
      for (String name : names) {
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec(name));
        curves.add(parameters.getParameterSpec(ECParameterSpec.class));
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JVM has " + List.of(names), e);
    }
    return List.copyOf(curves);
  }

  /** Whether it is one of them: the same field, equation, base point and order. */
  static boolean used(ECParameterSpec curve) {
    return USED.stream()
        .anyMatch(
            one ->
                one.getCurve().equals(curve.getCurve())
                    && one.getGenerator().equals(curve.getGenerator())
                    && one.getOrder().equals(curve.getOrder())
                    && one.getCofactor() == curve.getCofactor());
  }
}
