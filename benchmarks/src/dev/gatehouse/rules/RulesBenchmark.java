package dev.gatehouse.rules;

/** {@code ./gatehouse bench rules}. */
public final class RulesBenchmark {
  private static final String HOT =
      "{\"deviceid\":\"iot123\",\"temp\":54.98,\"humidity\":32.43,"
          + "\"coords\":{\"latitude\":47.615694,\"longitude\":-122.3359976}}";
  private static final String COLD = HOT.replace("54.98", "24.98");

  private RulesBenchmark() {}

  /** Runs all. */
  public static void main(String[] arguments) throws Exception {
    String select =
        "SELECT temp, md5(deviceid) AS hashed_id FROM 'iot/thing/#' WHERE temp > 50";
    Evaluations.run("select and md5", select, HOT, 400_000);
    Evaluations.run(
        "filter only, false", "SELECT * FROM 'iot/thing/#' WHERE temp > 50", COLD, 1_000_000);
    Publishing.run(1_000, 1.2);
    System.exit(0);
  }
}
