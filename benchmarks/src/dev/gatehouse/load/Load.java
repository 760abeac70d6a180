package dev.gatehouse.load;

import java.lang.management.ManagementFactory;

/** The load generator: one run against one broker, told by {@code name=value} arguments. */
public final class Load {
  private Load() {}

  /** Prints marks and one line: {@code result name=value…} or {@code refused reason}. */
  public static void main(String[] arguments) throws Exception {
    Settings settings = Settings.of(arguments);
    Report report = new Report();
    try {
      switch (settings.mode()) {
        case "exchange" -> new Exchange(settings).run(report);
        case "offline" -> new Offline(settings).run(report);
        case "shadow" -> new ShadowRun(settings).run(report);
        case "idle" -> new Idle(settings).run(report);
        default -> throw new IllegalArgumentException("mode=" + settings.mode());
      }
      report.print();
    } catch (Refused e) {
      System.out.println("refused " + e.getMessage());
    }
  }

  /** CPU time of this process. */
  static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
