package dev.gatehouse.rules.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gatehouse.api.message.MessageProperties;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.PayloadFormat;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.rules.function.FunctionSignature;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class StatementTest {
  private static final MessageContext CONTEXT =
      new MessageContext(
          "000000000000", "iot/thing/7", "c1", "p1", null, "t1", MessageProperties.NONE, 1_000);
  private static final String PAYLOAD =
      """
      {"deviceid":"d1","temp":51,"exact":0.1000,"big":12345678901234567890123,
       "color":{"red":255},"half":"\\ud83dx",
       "e":[{"n":"temperature","v":22.5},{"n":"light","v":3}]}\
      """;

  static Stream<List<String>> expressions() throws IOException {
    try (InputStream in = StatementTest.class.getResourceAsStream("/sql/expressions.txt")) {
      return new String(in.readAllBytes(), UTF_8)
              .lines()
              .filter(line -> !line.startsWith("#"))
              .map(line -> List.of(line.split(" =>", 2)))
              .toList()
              .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("expressions")
  void expressionHasItsDocumentedValue(List<String> row) throws Exception {
    assertThat(run("SELECT VALUE (" + row.get(0) + ")", PAYLOAD)).isEqualTo(row.get(1).strip());
  }

  @Test
  void whereLetsOnlyTrueThrough() throws Exception {
    String select = "SELECT temp, md5(deviceid) AS hashed_id FROM 'iot/thing/#' WHERE ";
    assertThat(run(select + "temp > 50", PAYLOAD))
        .isEqualTo("{\"temp\":51,\"hashed_id\":\"9948c645c094247794f4c7acdbeb2bb6\"}");
    for (String not : List.of("temp > 51", "missing > 1", "null", "1", "'true'")) {
      assertThat(run(select + not, PAYLOAD)).as(not).isEqualTo("no match");
    }
  }

  @Test
  void selectStarLetsBytesThroughUntouched() throws Exception {
    assertThat(run("SELECT * FROM 'a'", " { \"a\" : 1e3 } ")).isEqualTo(" { \"a\" : 1e3 } ");
    assertThat(run("SELECT *, 1 AS x FROM 'a'", "{\"a\":1}")).isEqualTo("{\"a\":1,\"x\":1}");
    assertThat(run("SELECT *, 1 AS x FROM 'a'", "hi"))
        .isEqualTo("{\"base64OriginalPayload\":\"aGk=\",\"x\":1}");
    assertThat(run("SELECT * AS message FROM 'a'", "{\"a\":1}"))
        .isEqualTo("{\"message\":{\"a\":1}}");
    assertThat(run("SELECT a AS b.c FROM 'a'", "{\"a\":1}")).isEqualTo("{\"b\":{\"c\":1}}");
    assertThat(run("SELECT encode(*, 'base64') AS d FROM 'a'", "hi")).isEqualTo("{\"d\":\"aGk=\"}");
  }

  @Test
  void bytesThatAreNoTextBecomeBase64OrFailTheRule() throws Exception {
    byte[] bytes = {(byte) 0xff, 0, 'a'};
    assertThat(ofBytes("SELECT * AS p", bytes)).isEqualTo("{\"p\":\"/wBh\"}");
    assertThat(ofBytes("SELECT encode(*, 'base64') AS p", bytes)).isEqualTo("{\"p\":\"/wBh\"}");
    assertThat(ofBytes("SELECT * AS p", "h\u00e9".getBytes(UTF_8)))
        .isEqualTo("{\"p\":\"h\u00e9\"}");
    for (String of : List.of("md5(*)", "length(*)", "upper(*)", "concat(*, 'a')")) {
      assertThatThrownBy(() -> ofBytes("SELECT " + of + " AS p", bytes))
          .isInstanceOf(EvaluationException.class)
          .hasMessageContaining("not UTF-8");
    }
    assertThat(run("SELECT decode('/wBh', 'base64') AS p", "{}")).isEqualTo("{\"p\":null}");
  }

  private static String ofBytes(String sql, byte[] payload) throws Exception {
    Statement statement = compile(sql);
    return new String(statement.select(statement.begin(payload, CONTEXT)), UTF_8);
  }

  @Test
  void setVariablesAreVisibleEverywhere() throws Exception {
    assertThat(run("SET @c = color, @r = @c.red SELECT @r + 1 AS x, @c.red FROM 'a'", PAYLOAD))
        .isEqualTo("{\"x\":256,\"red\":255}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "SELECT a FRM 'x' | 1 | 10 | expected FROM",
        "SELECT nope(1) AS x | 1 | 8 | function nope needs a bundle that provides it, and none does",
        "SELECT get_thing_shadow('a') AS x | 1 | 8 | needs a bundle",
        "SELECT a FROM 'x' WHERE | 1 | 24 | expected an expression, found the end",
        "SELECT 'a | 1 | 8 | not closed",
        "SELECT 1 + 1 FROM 'x' | 1 | 8 | expected AS name",
        "SELECT @x FROM 'x' | 1 | 8 | not SET",
        "SELECT a ! b | 1 | 10 | unexpected character",
        "SELECT cast(a AS blob) AS x | 1 | 18 | expected a type",
        "SELECT a FROM 'x/#/y' | 1 | 15 | # at index 2",
        "SELECT a FROM 'x' WHERE a LIKE 'b' | 1 | 27 | 'LIKE' is not a part of this SQL",
        "SELECT encode(a, b) AS x | 1 | 8 | the literal 'base64'",
        "SELECT decode(*, 'proto', 'b', 'k', 'f', 'M') AS x | 1 | 8 | decode of 6 arguments needs a bundle",
        "SELECT get_secret('a', 'SecretString', 'r') AS x | 1 | 8 | get_secret needs a bundle",
        "SET @a = @a SELECT 1 AS x | 1 | 10 | not SET",
        "SET @a = 1, @a = 2 SELECT 1 AS x | 1 | 13 | SET twice",
      })
  void errorSaysWhereAndWhat(String sql, int line, int column, String problem) {
    SqlSyntaxException error = catchThrowableOfType(SqlSyntaxException.class, () -> compile(sql));
    assertThat(error).hasMessageContaining(problem);
    assertThat(List.of(error.line(), error.column())).isEqualTo(List.of(line, column));
  }

  @Test
  void fromMayBeUnquotedOrInMqtt() throws Exception {
    assertThat(compile("SELECT * FROM topic/# WHERE a = 1").from())
        .contains(new TopicFilter("topic/#"));
    assertThat(compile("SELECT * FROM mqtt('a/+')").from()).contains(new TopicFilter("a/+"));
    assertThat(compile("SELECT * FROM '$aws/things/+/shadow/update'").from())
        .contains(new TopicFilter("$aws/things/+/shadow/update"));
  }

  @Test
  void literalsNeedTheNewVersion() {
    assertThatThrownBy(
            () ->
                Statement.compile(
                    "SELECT [1] AS a", SqlVersion.V2015_10_08, ExternalFunctions.NONE))
        .hasMessageContaining("2016-03-23");
  }

  static Stream<List<String>> statements() throws IOException {
    try (InputStream in = StatementTest.class.getResourceAsStream("/sql/statements.txt")) {
      return Stream.of(new String(in.readAllBytes(), UTF_8).split("\n\n"))
          .map(block -> block.lines().filter(line -> !line.startsWith("#")).toList())
          .filter(lines -> !lines.isEmpty());
    }
  }

  @ParameterizedTest
  @MethodSource("statements")
  void statementHasItsDocumentedResult(List<String> lines) throws Exception {
    String[] head = lines.get(0).split(" ", 2);
    String payload = lines.get(1);
    Statement statement =
        Statement.compile(head[1], SqlVersion.of(head[0]).orElseThrow(), ExternalFunctions.NONE);
    assertThat(run(statement, payload)).isEqualTo(lines.size() > 2 ? lines.get(2) : "");
  }

  @Test
  void functionsOfMessagesTellPropertiesOfMqtt5() throws Exception {
    MessageProperties properties =
        new MessageProperties(
            PayloadFormat.UTF8_DATA,
            null,
            "application/json",
            "answer/here",
            Payload.of(new byte[] {1, 2}),
            List.of(
                new MessageProperties.UserProperty("k", "1"),
                new MessageProperties.UserProperty("j", "2"),
                new MessageProperties.UserProperty("k", "3")));
    MessageContext context =
        new MessageContext("0", "$aws/rules/r/a/b", null, "p", "::1", "t", properties, 1);
    Map<String, String> expected =
        Map.of(
            "get_mqtt_property('format_indicator')", "\"UTF8_DATA\"",
            "get_mqtt_property('content_type')", "\"application/json\"",
            "get_mqtt_property('response_topic')", "\"answer/here\"",
            "get_mqtt_property('correlation_data')", "\"AQI=\"",
            "get_mqtt_property('none')", "",
            "get_user_properties('k')", "[\"1\",\"3\"]",
            "get_user_properties('x')", "",
            "get_user_properties()", "[{\"k\":\"1\"},{\"j\":\"2\"},{\"k\":\"3\"}]",
            "[topic(), topic(1), clientid(), sourceip()]", "[\"a/b\",\"a\",\"n/a\",\"::1\"]",
            "[traceid(), accountid()]", "[]"); // Undefined, and so left out
    for (Map.Entry<String, String> call : expected.entrySet()) {
      Statement statement = compile("SELECT VALUE " + call.getKey());
      assertThat(new String(statement.select(statement.begin(new byte[0], context)), UTF_8))
          .as(call.getKey())
          .isEqualTo(call.getValue());
    }
  }

  @Test
  void functionsOfOthersAreCalledButNotInErrorActions() throws Exception {
    ExternalFunctions others =
        new ExternalFunctions() {
          private final List<FunctionSignature> signatures =
              List.of(
                  FunctionSignature.of("of_one", 2, 3).withRole(FunctionSignature.Role.LAST),
                  FunctionSignature.of("of_two", 2, 2).withRole(FunctionSignature.Role.SECOND),
                  FunctionSignature.of("of_new", 1, 1).onlySince2016(),
                  FunctionSignature.of("of_once", 1, 1).once(),
                  FunctionSignature.of("decode", 6, 6));

          @Override
          public Optional<FunctionSignature> find(String name) {
            return signatures.stream()
                .filter(signature -> signature.name().equals(name))
                .findFirst();
          }

          @Override
          public byte[] call(String name, List<byte[]> arguments) {
            return ("{\"n\":\"" + name + "\",\"a\":" + arguments.size() + ".0}").getBytes(UTF_8);
          }
        };
    String call = "of_one('t', 'arn')";
    StatementCompiler compiler =
        new StatementCompiler("SELECT VALUE " + call + ".a", SqlVersion.V2016_03_23, others);
    assertThatThrownBy(() -> compiler.errorTemplate("a/${" + call + "}"))
        .hasMessageContaining("column 5: function of_one can not be used in an error");
    compiler.template("${OF_TWO(1, 'other')}");
    Statement statement = compiler.statement();
    assertThat(run(statement, "{}")).isEqualTo("2");
    assertThat(statement.callsOthers()).isTrue();
    assertThat(statement.roles()).containsExactlyInAnyOrder("arn", "other");
    Map<String, String> problems =
        Map.of(
            "of_one('t', concat('a', 'rn'))",
            "column 8: expected the ARN of a role in quotes as argument 2",
            "of_two(1, arn)",
            "expected the ARN of a role in quotes as argument 2",
            "of_one('t')",
            "column 8: expected 2 to 3 arguments of of_one, found 1",
            "of_once(1, 2)",
            "expected 1 arguments of of_once, found 2",
            "decode('x', 'proto', 1)",
            "expected 6 arguments of decode, found 3",
            "of_once(1) AS a, of_once(2)",
            "column 25: function of_once can be used once");
    problems.forEach(
        (calls, problem) ->
            assertThatThrownBy(
                    () ->
                        Statement.compile(
                            "SELECT " + calls + " AS x", SqlVersion.V2016_03_23, others))
                .hasMessageContaining(problem));
    assertThatThrownBy(
            () -> Statement.compile("SELECT of_new(1) AS x", SqlVersion.V2015_10_08, others))
        .hasMessageContaining("of_new needs awsIotSqlVersion 2016-03-23, not 2015-10-08");
    Statement proto =
        Statement.compile(
            "SELECT VALUE decode(encode(*, 'base64'), 'proto', 'b', 'k', 'f', 'M').n",
            SqlVersion.V2016_03_23,
            others);
    assertThat(run(proto, "x")).isEqualTo("\"decode\"");
  }

  @Test
  void aStatementStaysAsItIsWhenMoreTemplatesAreCompiled() throws Exception {
    StatementCompiler compiler =
        new StatementCompiler("SELECT a", SqlVersion.V2016_03_23, ExternalFunctions.ANY);
    Statement before = compiler.statement();
    long bytes = before.heapBytes();
    compiler.template("${b}${c + d}${others(*)}");
    assertThat(before.heapBytes()).isEqualTo(bytes);
    assertThat(before.callsOthers()).isFalse();
    assertThat(run(before, "{\"b\":2,\"a\":1}")).isEqualTo("{\"a\":1}");
    assertThat(compiler.statement().heapBytes()).isGreaterThan(bytes);
    assertThat(compiler.statement().callsOthers()).isTrue();
  }

  @Test
  void doublingTextRunsOutOfLengthOrBudget() throws Exception {
    String sql = "SET @a = s + s, @b = @a + @a, @c = @b + @b, @d = @c + @c, @e = @d + @d SELECT @e";
    String payload = "{\"s\":\"" + "x".repeat(100_000) + "\"}";
    assertThatThrownBy(() -> run(sql, payload)).isInstanceOf(EvaluationException.class);
  }

  @Test
  void depthAndSizeAreBounded() {
    assertThatThrownBy(() -> compile("SELECT " + "(".repeat(30_000) + "1"))
        .hasMessageContaining("levels");
    assertThatThrownBy(() -> compile("SELECT 1" + "+1".repeat(9_000)))
        .hasMessageContaining("parts");
    assertThatThrownBy(() -> compile("SELECT " + "-".repeat(30_000) + "1"))
        .hasMessageContaining("levels");
  }

  @Test
  void exponentialRegularExpressionRunsOutOfBudget() {
    String payload = "{\"s\":\"" + "a".repeat(400) + "!\"}";
    assertThatThrownBy(() -> run("SELECT regexp_matches(s, '(.*)(.*)(.*)(.*)(.*)X') AS x", payload))
        .isInstanceOf(EvaluationException.class)
        .hasMessageContaining("steps");
  }

  @Test
  void templatesSeePayloadAndDollarEscapes() throws Exception {
    StatementCompiler compiler = compiler("SET @v = temp SELECT 1 AS temp FROM 'a'");
    Template template =
        compiler.template("$$aws/${topic(2)}/${temp}/${@v + 1}/${none}/${get({'a':'}'},'a')}$");
    Evaluation evaluation = compiler.statement().begin(PAYLOAD.getBytes(UTF_8), CONTEXT);
    assertThat(template.render(evaluation)).isEqualTo("$aws/thing/51/52//}$");
    assertThatThrownBy(() -> compiler.template("x${temp")).hasMessageContaining("not closed");
    assertThatThrownBy(() -> compiler.template("x/${topic(2)}/${1 +}"))
        .hasMessageContaining("line 1, column 20: expected an expression");
  }

  private static Statement compile(String sql) throws SqlSyntaxException {
    return compiler(sql).statement();
  }

  private static StatementCompiler compiler(String sql) throws SqlSyntaxException {
    return new StatementCompiler(sql, SqlVersion.V2016_03_23, ExternalFunctions.NONE);
  }

  private static String run(String sql, String payload) throws SqlSyntaxException {
    return run(compile(sql), payload);
  }

  private static String run(Statement statement, String payload) {
    Evaluation evaluation = statement.begin(payload.getBytes(UTF_8), CONTEXT);
    return statement.matches(evaluation)
        ? new String(statement.select(evaluation), UTF_8)
        : "no match";
  }
}
