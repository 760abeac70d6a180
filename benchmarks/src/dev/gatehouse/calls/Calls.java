package dev.gatehouse.calls;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes calls and prints what they took: {@code prepare}, {@code call OPERATION CONNECTIONS SECONDS WARMUP}, {@code
 * fill THINGS CONNECTIONS}, {@code list QUERY PAGES WARMUP}. The environment is that of {@code gatehouse
 * env}, and PORT.
 */
public final class Calls {
  private static final int TYPES = 10;
  private static final int ROOMS = 100;

  private final Target target;

  private Calls(Target target) {
    this.target = target;
  }

  public static void main(String[] arguments) throws Exception {
    Calls calls =
        new Calls(Target.of(System.getenv(), Integer.parseInt(System.getenv("PORT"))));
    switch (arguments[0]) {
      case "call" ->
          calls.call(
              arguments[1],
              Integer.parseInt(arguments[2]),
              Double.parseDouble(arguments[3]),
              Double.parseDouble(arguments[4]));
      case "prepare" -> calls.prepare();
      case "fill" -> calls.fill(Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
      case "list" ->
          calls.list(
              arguments[1], Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  /** The thing that is described, its shadow, and the types of the many. */
  private void prepare() throws IOException, GeneralSecurityException {
    try (Caller control = new Caller(target, "iot");
        Caller data = new Caller(target, "iotdata")) {
      control.call("POST", "/things/bench", "", "{}");
      data.call(
          "POST",
          "/things/bench/shadow",
          "",
          "{\"state\":{\"reported\":{\"color\":\"red\",\"level\":7}}}");
      for (int i = 0; i < TYPES; i++) {
        control.call(
            "POST",
            "/thing-types/type" + i,
            "",
            "{\"thingTypeProperties\":{\"searchableAttributes\":[\"room\",\"serial\"]}}");
      }
    }
  }

  /** A call; {@code number} differs from call to call. */
  private static void one(Caller caller, String operation, String number)
      throws IOException, GeneralSecurityException {
    switch (operation) {
      case "DescribeThing" -> caller.call("GET", "/things/bench", "", "");
      case "GetThingShadow" -> caller.call("GET", "/things/bench/shadow", "", "");
      case "CreateThing" ->
          caller.call(
              "POST",
              "/things/" + number,
              "",
              "{\"attributePayload\":{\"attributes\":{\"serial\":\"" + number + "\"}}}");
      default -> throw new IllegalArgumentException(operation);
    }
  }

  private void call(String operation, int connections, double seconds, double warmup)
      throws Exception {
    String service = operation.equals("GetThingShadow") ? "iotdata" : "iot";
    List<Caller> callers = connect(connections, service);
    long run = System.nanoTime();
    long begin = run + (long) (warmup * 1e9);
    long end = begin + (long) (seconds * 1e9);
    List<long[]> taken =
        inParallel(
            callers,
            (caller, index) -> {
              long[] nanos = new long[1 << 16];
              int count = 0;
              for (int i = 0; ; i++) {
                long before = System.nanoTime();
                if (before >= end) {
                  return Arrays.copyOf(nanos, count);
                }
                one(caller, operation, "call-" + run + "-" + index + "-" + i);
                if (before >= begin) {
                  nanos = count < nanos.length ? nanos : Arrays.copyOf(nanos, 2 * count);
                  nanos[count++] = System.nanoTime() - before;
                }
              }
            });
    print(taken, seconds);
  }

  private void fill(int things, int connections) throws Exception {
    AtomicInteger next = new AtomicInteger();
    List<Caller> callers = connect(connections, "iot");
    long begin = System.nanoTime();
    inParallel(
        callers,
        (caller, index) -> {
          for (int i = next.getAndIncrement(); i < things; i = next.getAndIncrement()) {
            caller.call(
                "POST",
                "/things/many-%06d".formatted(i),
                "",
                ("{\"thingTypeName\":\"type%d\",\"attributePayload\":{\"attributes\":"
                        + "{\"room\":\"room%02d\",\"serial\":\"s%06d\"}}}")
                    .formatted(i % TYPES, i % ROOMS, i));
          }
          return new long[0];
        });
    System.out.printf("result count=%d seconds=%.1f%n", things, (System.nanoTime() - begin) / 1e9);
  }

  /** One after the other: handshakes are not what is measured. */
  private List<Caller> connect(int connections, String service) throws IOException {
    List<Caller> callers = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      callers.add(new Caller(target, service));
    }
    return callers;
  }

  /** Reads pages of a list, from its beginning again after its end. */
  private void list(String query, int pages, int warmup) throws IOException, GeneralSecurityException {
    long[] nanos = new long[pages];
    int things = 0;
    long begin = 0;
    try (Caller caller = new Caller(target, "iot")) {
      String token = "";
      for (int page = -warmup; page < pages; page++) {
        begin = page == 0 ? System.nanoTime() : begin;
        long before = System.nanoTime();
        // Sorted by name, as the signature wants it.
        List<String> parameters = new ArrayList<>(List.of(query.split("&")));
        if (!token.isEmpty()) {
          parameters.add("nextToken=" + URLEncoder.encode(token, StandardCharsets.UTF_8));
        }
        parameters.sort(null);
        String answer = caller.call("GET", "/things", String.join("&", parameters), "");
        if (page >= 0) {
          nanos[page] = System.nanoTime() - before;
          things += answer.split("\"thingName\"", -1).length - 1;
        }
        int at = answer.indexOf("\"nextToken\":\"");
        token = at < 0 ? "" : answer.substring(at + 13, answer.indexOf('"', at + 13));
      }
    }
    System.out.printf("things=%d ", things);
    print(List.of(nanos), (System.nanoTime() - begin) / 1e9);
  }

  private interface Work {
    long[] run(Caller caller, int index) throws Exception;
  }

  /** A thread for each connection, which is closed in the end. */
  private static List<long[]> inParallel(List<Caller> callers, Work work) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(callers.size());
    try {
      List<Future<long[]>> futures = new ArrayList<>();
      for (int i = 0; i < callers.size(); i++) {
        int index = i;
        futures.add(threads.submit(() -> work.run(callers.get(index), index)));
      }
      List<long[]> results = new ArrayList<>();
      for (Future<long[]> future : futures) {
        results.add(future.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
      for (Caller caller : callers) {
        caller.close();
      }
    }
  }

  private static void print(List<long[]> taken, double seconds) {
    long[] all = taken.stream().flatMapToLong(Arrays::stream).sorted().toArray();
    System.out.printf(
        "result count=%d persecond=%.0f p50=%.3f p99=%.3f max=%.3f%n",
        all.length,
        all.length / seconds,
        all[all.length / 2] / 1e6,
        all[(int) (all.length * 0.99)] / 1e6,
        all[all.length - 1] / 1e6);
  }
}
