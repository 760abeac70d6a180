package dev.gatehouse.rules.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.gatehouse.api.memory.MemoryShare;
import dev.gatehouse.api.message.MessageProperties;
import dev.gatehouse.testkit.FixedMemory;
import java.lang.management.ManagementFactory;
import java.util.Base64;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What small statements and messages that are made to be expensive cost. */
class CostTest {
  /** All shares together at -Xmx256m. */
  private static final long BUDGET = 112 << 20;

  /** What one evaluation may allocate: garbage too, of which some is made before it is refused. */
  private static final long MOST_ALLOCATED = 48 << 20;

  private static final String TOPIC = "a/".repeat(30_000) + "z";
  private static final MessageContext CONTEXT =
      new MessageContext(
          "000000000000", TOPIC, "c1", "p1", null, "t1", MessageProperties.NONE, 1_000);
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final MemoryShare share = new FixedMemory(BUDGET).open("rules.results", 5);

  private record Attack(String name, String sql, String payload) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static String list(int count, IntFunction<String> item) {
    return IntStream.range(0, count).mapToObj(item).collect(joining(","));
  }

  private static String text(int length) {
    return "{\"s\":\"" + "a".repeat(length) + "\",\"t\":\"" + "b".repeat(length / 2) + "\"}";
  }

  private static String nested() {
    String levels =
        IntStream.range(1, 8)
            .mapToObj(i -> "@v" + i + "=[" + list(10, n -> "@v" + (i - 1)) + "]")
            .collect(joining(","));
    return "SET @v0=[" + list(10, n -> "s") + "]," + levels + " ";
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  static Stream<Attack> refused() {
    String small = "{\"s\":\"x\",\"e\":[" + "1,".repeat(100_000) + "1]}";
    return Stream.of(
        new Attack("arrays of arrays", nested() + "SELECT @v7 AS x", text(10)),
        new Attack("their text", nested() + "SELECT length(@v7) AS x", text(10)),
        new Attack("their cast", nested() + "SELECT cast(@v7 AS String) AS x", text(10)),
        new Attack("their comparison", nested() + "SELECT @v7 = @v7 AS x", text(10)),
        new Attack("their membership", nested() + "SELECT @v7 IN [1, @v7] AS x", text(10)),
        new Attack("a field many times", "SELECT " + list(600, n -> "s AS a" + n), text(600_000)),
        new Attack("replaced nothings", "SELECT regexp_replace(s, '', t) AS x", text(500_000)),
        new Attack(
            "a group many times",
            "SELECT regexp_replace(s, '.*', '" + "$0".repeat(5_000) + "') AS x",
            text(20_000)),
        new Attack("replaced letters", "SELECT replace(s, 'a', t) AS x", text(500_000)),
        new Attack(
            "joined texts", "SELECT concat(" + list(500, n -> "s") + ") AS x", text(500_000)),
        new Attack("added texts", "SELECT s + s + s AS x", text(500_000)),
        new Attack("base64 of a megabyte", "SELECT encode(s, 'base64') AS x", text(800_000)),
        new Attack("base64 of the payload", "SELECT encode(*, 'base64') AS x", text(700_000)),
        new Attack(
            "an object for each element",
            "SELECT (SELECT " + list(1_000, n -> "1 AS a" + n) + " FROM e) AS x",
            small),
        new Attack(
            "enriched elements",
            "SELECT transform('enrichArray', o, e) AS x",
            "{\"o\":{"
                + list(1_000, n -> "\"m" + n + "\":1")
                + "},\"e\":["
                + list(20_000, n -> "{}")
                + "]}"),
        new Attack("empty objects", "SELECT e", "{\"e\":[" + list(250_000, n -> "{}") + "]}"),
        new Attack("small numbers", "SELECT e, *", "{\"e\":[" + list(400_000, n -> "7") + "]}"),
        new Attack(
            "decoded objects",
            "SELECT decode(s, 'base64') AS x",
            "{\"s\":\"" + base64("[" + list(200_000, n -> "{}") + "]") + "\"}"),
        new Attack(
            "stars",
            "SELECT " + list(9_000, n -> "*"),
            "{" + list(1_000, n -> "\"m" + n + "\":1") + "}"),
        new Attack("stars of bytes", "SELECT " + list(9_000, n -> "*"), "x".repeat(10_000)),
        new Attack("members of one alias", "SELECT " + list(9_000, n -> "s AS o.m" + n), text(10)),
        new Attack("an expression of its own", "SELECT regexp_matches('a', s) AS x", text(600_000)),
        new Attack("a search that fails late", "SELECT indexof(s, t) AS x", late()),
        new Attack("a replacement that fails late", "SELECT replace(s, t, '') AS x", late()),
        new Attack("levels of a topic", "SELECT " + list(9_000, n -> "topic(9) AS a" + n), "{}"));
  }

  private static String late() {
    return "{\"s\":\"" + "a".repeat(300_000) + "\",\"t\":\"" + "a".repeat(100_000) + "b\"}";
  }

  @ParameterizedTest
  @MethodSource("refused")
  void statementThatCostsMuchFailsForTheMessage(Attack attack) throws Exception {
    byte[] payload = attack.payload().getBytes(UTF_8);
    Statement statement = compile(attack.sql());
    long before = THREADS.getCurrentThreadAllocatedBytes();
    assertThatThrownBy(() -> run(statement, payload)).isInstanceOf(EvaluationException.class);
    assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(MOST_ALLOCATED);
    assertThat(share.usedBytes()).isZero();
  }

  @Test
  void longPatternsOfTimesAreNone() throws Exception {
    String payload = "{\"p\":\"" + "yM".repeat(300) + "\"}";
    assertThat(text("SELECT parse_time(p, 0) AS x, time_to_epoch('1', p) AS y", payload))
        .isEqualTo("{}");
  }

  @Test
  void templateThatRepeatsAFieldFails() throws Exception {
    StatementCompiler compiler =
        new StatementCompiler("SELECT 1 AS a", SqlVersion.V2016_03_23, ExternalFunctions.NONE);
    Template template = compiler.template("${s}".repeat(1_000));
    Statement statement = compiler.statement();
    try (Evaluation evaluation = statement.begin(text(500_000).getBytes(UTF_8), CONTEXT, share)) {
      assertThatThrownBy(() -> template.render(evaluation)).isInstanceOf(EvaluationException.class);
    }
    assertThat(share.usedBytes()).isZero();
  }

  @Test
  void resultOfAMegabyteIsMadeAndOneByteMoreIsNot() throws Exception {
    int most = Evaluation.MAX_RESULT - "{\"s\":\"\"}".length();
    assertThat(text("SELECT s", "{\"s\":\"" + "a".repeat(most) + "\"}"))
        .hasSize(Evaluation.MAX_RESULT);
    assertThatThrownBy(() -> text("SELECT s", "{\"s\":\"" + "a".repeat(most + 1) + "\"}"))
        .hasMessageContaining("longer than 1048576 bytes");
  }

  @Test
  void defaultTakesNoPlaceOfWhatCostsTooMuch() {
    for (String sql : List.of("SELECT get_or_default(" + "length(@v7), 0) AS x")) {
      assertThatThrownBy(() -> text(nested() + sql, text(10)))
          .isInstanceOf(EvaluationException.class);
    }
  }

  @Test
  void messagesThatComeTogetherShareTheMemory() throws Exception {
    Statement statement = compile("SELECT s");
    byte[] payload = text(400_000).getBytes(UTF_8);
    share.take(share.limitBytes());
    assertThatThrownBy(() -> run(statement, payload)).hasMessageContaining("in use");
    assertThat(run(statement, "{\"s\":1}".getBytes(UTF_8))).isNotEmpty(); // costs next to nothing
    share.release(share.limitBytes());
    assertThat(run(statement, payload)).hasSizeGreaterThan(400_000);
  }

  private static Statement compile(String sql) throws SqlSyntaxException {
    return Statement.compile(sql, SqlVersion.V2016_03_23, ExternalFunctions.NONE);
  }

  private String text(String sql, String payload) throws SqlSyntaxException {
    return new String(run(compile(sql), payload.getBytes(UTF_8)), UTF_8);
  }

  private byte[] run(Statement statement, byte[] payload) {
    try (Evaluation evaluation = statement.begin(payload, CONTEXT, share)) {
      return statement.select(evaluation);
    }
  }
}
