package dev.gatehouse.rules.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.api.message.MessageProperties;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is given as SQL: it compiles, or it is refused with a place; and it ends. */
class RandomStatementsTest {
  private static final int TEXTS = 100_000;
  private static final int ATTEMPT_MILLIS = 2_000;
  private static final MessageContext CONTEXT =
      new MessageContext(
          "000000000000", "iot/thing/7", "c1", "p1", null, "t1", MessageProperties.NONE, 1_000);
  private static final byte[] PAYLOAD =
      """
      {"a":[1,{"b":2}],"deviceid":"d1","temp":51,"color":{"red":255},"s":"aaaaaaaaaaaaaaaaaaaa!",
       "e":[{"n":"temperature","v":22.5},{"n":"light","v":3}]}"""
          .getBytes(UTF_8);
  private static final List<String> WORDS =
      List.of(
          "SELECT",
          "FROM",
          "WHERE",
          "a",
          "'x'",
          "1",
          "1e999",
          "(",
          ")",
          "[",
          "]",
          "{",
          "}",
          ",",
          ".",
          "*",
          "+",
          "-",
          "/",
          "%",
          "<>",
          "<",
          ">=",
          "AS",
          "VALUE",
          "CASE",
          "WHEN",
          "THEN",
          "ELSE",
          "END",
          "@v",
          "SET",
          "=",
          "get(",
          "cast(",
          "NOT",
          "AND",
          "OR",
          "#",
          "\"",
          "\u20ac",
          "99999999999999999999",
          "1E-99999",
          "regexp_matches(s,",
          "'(a+)+b'",
          "(SELECT",
          "'k':",
          "${",
          "$$",
          "\u0000",
          "\ud800",
          "--",
          "null",
          "undefined",
          "AS Int)",
          "transform(",
          "\n");

  @Test
  void randomWordsGiveNothingButParseErrors() {
    Random random = new Random(42);
    int parsed = 0;
    for (int i = 0; i < TEXTS; i++) {
      StringBuilder sql = new StringBuilder(random.nextInt(4) == 0 ? "" : "SELECT ");
      for (int length = random.nextInt(12); length >= 0; length--) {
        sql.append(WORDS.get(random.nextInt(WORDS.size()))).append(random.nextBoolean() ? " " : "");
      }
      parsed += attempt(sql.toString(), random) ? 1 : 0;
    }
    assertThat(parsed).isGreaterThan(500);
  }

  @Test
  void mutatedExamplesGiveNothingButParseErrors() throws IOException {
    List<String> examples = examples();
    Random random = new Random(43);
    int parsed = 0;
    for (int i = 0; i < TEXTS; i++) {
      StringBuilder sql = new StringBuilder(examples.get(random.nextInt(examples.size())));
      for (int change = random.nextInt(4); change > 0; change--) {
        mutate(sql, examples, random);
      }
      parsed += attempt(sql.toString(), random) ? 1 : 0;
    }
    assertThat(parsed).isGreaterThan(10_000).isLessThan(TEXTS);
  }

  private static void mutate(StringBuilder sql, List<String> examples, Random random) {
    int at = random.nextInt(sql.length() + 1);
    int to = Math.min(sql.length(), at + random.nextInt(8));
    switch (random.nextInt(4)) {
      case 0 -> sql.insert(at, WORDS.get(random.nextInt(WORDS.size())));
      case 1 -> sql.delete(at, to);
      case 2 -> sql.replace(at, to, Character.toString((char) random.nextInt(0x250)));
      default -> {
        String other = examples.get(random.nextInt(examples.size()));
        int from = random.nextInt(other.length());
        sql.insert(at, other, from, from + random.nextInt(other.length() - from));
      }
    }
  }

  private static List<String> examples() throws IOException {
    List<String> examples = new ArrayList<>();
    try (InputStream in = StatementTest.class.getResourceAsStream("/sql/expressions.txt")) {
      new String(in.readAllBytes(), UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .forEach(line -> examples.add("SELECT VALUE (" + line.split(" =>", 2)[0] + ") FROM 'a'"));
    }
    return examples;
  }

  /** True if it compiled; anything but a parse error with a place fails the test. */
  private static boolean attempt(String sql, Random random) {
    SqlVersion version = SqlVersion.values()[random.nextInt(SqlVersion.values().length)];
    long start = System.nanoTime();
    boolean compiled = false;
    try {
      Statement statement = Statement.compile(sql, version, ExternalFunctions.NONE);
      compiled = true;
      Evaluation evaluation = statement.begin(PAYLOAD, CONTEXT);
      if (statement.matches(evaluation)) {
        byte[] result = statement.select(evaluation);
        assertThat(result).isNotNull();
      }
    } catch (SqlSyntaxException e) {
      assertThat(e.getMessage()).startsWith("line " + e.line() + ", column " + e.column() + ": ");
      assertThat(e.line()).isPositive();
      assertThat(e.column()).isPositive();
    } catch (EvaluationException e) {
      assertThat(e.getMessage()).isNotEmpty(); // too much work for this message, and said so
    } catch (RuntimeException | StackOverflowError e) {
      Assertions.fail("'" + sql + "' in " + version, e);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start).toMillis())
        .as(sql)
        .isLessThan(ATTEMPT_MILLIS);
    return compiled;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(",
        "-",
        "NOT ",
        "[",
        "{'a':",
        "1+",
        "a.",
        "get(",
        "cast(",
        "CASE 1 WHEN ",
        "a,",
        "'",
        "@",
        "(SELECT ",
        "a AND ",
        "x(1)+",
        "1,",
        "${",
        "\n"
      })
  void textsOfAQuarterOfAMegabyteEndWithAPlace(String part) {
    String sql = "SELECT " + part.repeat((Statement.MAX_LENGTH - 7) / part.length());
    long start = System.nanoTime();
    for (String text : List.of(sql, sql + "1", sql.substring(0, sql.length() - 1) + " FROM 'a'")) {
      assertThatThrownBy(
              () -> Statement.compile(text, SqlVersion.V2016_03_23, ExternalFunctions.NONE))
          .isInstanceOf(SqlSyntaxException.class)
          .hasMessageStartingWith("line ");
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start).toMillis()).isLessThan(5_000);
  }

  @Test
  void longTextsThatAreFineCompileAndRun() throws Exception {
    StringBuilder sql = new StringBuilder("SELECT 0 AS a0");
    for (int i = 1; i < 9_000; i++) {
      sql.append(", temp + ").append(i).append(" AS a").append(i);
    }
    Statement statement =
        Statement.compile(
            "SELECT '" + "x".repeat(200_000) + "' AS x",
            SqlVersion.V2016_03_23,
            ExternalFunctions.NONE);
    assertThat(statement.select(statement.begin(PAYLOAD, CONTEXT))).hasSize(200_008);
    String many = sql.substring(0, sql.indexOf(", temp + 6000 "));
    Statement items = Statement.compile(many, SqlVersion.V2016_03_23, ExternalFunctions.NONE);
    assertThat(new String(items.select(items.begin(PAYLOAD, CONTEXT)), UTF_8))
        .endsWith("\"a5999\":6050}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(a+)+b",
        "(a|a)*b",
        "(.*)(.*)(.*)(.*)(.*)(.*)b",
        "(a*)*b",
        "((a+)+)+b",
        "(?:a?){30}a{30}b",
        "(a|aa)+b"
      })
  void regularExpressionsThatExplodeRunOutOfTheirBudget(String regex) throws Exception {
    byte[] payload = ("{\"s\":\"" + "a".repeat(5_000) + "\"}").getBytes(UTF_8);
    for (String function : List.of("regexp_matches", "regexp_substr")) {
      Statement statement =
          Statement.compile(
              "SELECT VALUE " + function + "(s, '" + regex + "')",
              SqlVersion.V2016_03_23,
              ExternalFunctions.NONE);
      long start = System.nanoTime();
      try {
        byte[] result = statement.select(statement.begin(payload, CONTEXT));
        assertThat(new String(result, UTF_8)).isIn("false", "");
      } catch (EvaluationException e) {
        assertThat(e.getMessage()).containsAnyOf("steps", "nests too deeply");
      }
      assertThat(Duration.ofNanos(System.nanoTime() - start).toMillis()).isLessThan(2_000);
    }
  }
}
