package dev.gatehouse.rules;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.management.ThreadMXBean;
import dev.gatehouse.api.message.MessageProperties;
import dev.gatehouse.rules.sql.Evaluation;
import dev.gatehouse.rules.sql.ExternalFunctions;
import dev.gatehouse.rules.sql.MessageContext;
import dev.gatehouse.rules.sql.SqlVersion;
import dev.gatehouse.rules.sql.Statement;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/** Evaluations a second of one core (by the CPU time of one thread), and what each allocates. */
final class Evaluations {
  private static final int ROUNDS = 7;
  private static final long ROUND_NANOS = 1_000_000_000L;
  private static final int BATCH = 1_000;
  private static final MessageContext CONTEXT =
      new MessageContext(
          "000000000000", "iot/thing/1", "c", "p", "::1", "t", MessageProperties.NONE, 1);

  private Evaluations() {}

  static void run(String name, String sql, String payload, int bound) throws Exception {
    Statement statement = Statement.compile(sql, SqlVersion.V2016_03_23, ExternalFunctions.NONE);
    byte[] bytes = payload.getBytes(UTF_8);
    double[] rates = new double[ROUNDS];
    long used = 0;
    measure(statement, bytes);
    measure(statement, bytes);
    measure(statement, bytes);
    for (int i = 0; i < ROUNDS; i++) {
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long before = threads.getCurrentThreadAllocatedBytes();
      long[] result = measure(statement, bytes);
      used = (threads.getCurrentThreadAllocatedBytes() - before) / result[0];
      rates[i] = result[0] * 1e9 / result[1];
    }
    Arrays.sort(rates);
    System.out.printf(
        "%-28s %,12.0f a second (%,.0f to %,.0f)  %,5d bytes each  bound %,d: %s%n",
        name,
        rates[ROUNDS / 2],
        rates[0],
        rates[ROUNDS - 1],
        used,
        bound,
        rates[ROUNDS / 2] >= bound ? "met" : "MISSED");
  }

  /** Evaluations and nanoseconds of CPU; what came out is looked at, so that it is not optimised away. */
  private static long[] measure(Statement statement, byte[] payload) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long start = threads.getCurrentThreadCpuTime();
    long count = 0;
    long seen = 0;
    long now = start;
    while (now - start < ROUND_NANOS) {
      for (int i = 0; i < BATCH; i++) {
        Evaluation evaluation = statement.begin(payload, CONTEXT);
        if (statement.matches(evaluation)) {
          seen += statement.select(evaluation).length;
        }
      }
      count += BATCH;
      now = threads.getCurrentThreadCpuTime();
    }
    if (seen == Long.MIN_VALUE) {
      throw new IllegalStateException();
    }
    return new long[] {count, now - start};
  }
}
