package dev.gatehouse.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the documentation tells to type is typed: every block that is marked {@code sh}. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DocsIT {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\\n(.*?)^```$");

  @TempDir static Path directory;
  private static Gateway gateway;

  @BeforeAll
  static void prepare() throws IOException {
    gateway = new Gateway(directory.resolve("home"));
    String launcher = System.getProperty("gatehouse.distribution") + "/gatehouse";
    Path here =
        Files.writeString(directory.resolve("gatehouse"), "exec sh " + launcher + " \"$@\"\n");
    assertThat(here.toFile().setExecutable(true)).isTrue();
  }

  @AfterAll
  static void down() {
    gateway.close();
  }

  /** Types the blocks of a document into one shell, in a directory with a launcher. */
  private static Gateway.Result type(String document, String before) throws IOException {
    Path source = Path.of(System.getProperty("gatehouse.source"), document);
    String blocks =
        BLOCK
            .matcher(Files.readString(source))
            .results()
            .map((MatchResult block) -> block.group(1))
            .collect(Collectors.joining());
    assertThat(blocks).as("the shell blocks of " + document).isNotEmpty();
    Path script = directory.resolve(document.replace('/', '-') + ".sh");
    String home = "export GATEHOUSE_HOME=" + gateway.home() + "\ncd " + directory + "\n";
    Files.writeString(script, home + before + blocks);
    return gateway.run(List.of("sh", "-e", script.toString()), Map.of());
  }

  @Test
  @Order(1)
  void theTourOfTheReadmeWorksAsPasted() throws IOException {
    assertThat(type("README.md", "").ok()).contains("{\"reported\":{\"color\":\"RED\"}}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "things",
        "mqtt",
        "certificates",
        "policies",
        "shadows",
        "actions",
        "http-action",
        "operating",
        "iam"
      })
  @Order(2)
  void theExamplesOfTheDocumentsWorkAsPasted(String name) throws IOException {
    gateway.up();
    type("docs/" + name + ".md", "eval \"$(./gatehouse env)\"\n").ok();
  }

  @Test
  @Order(3)
  void theDemoTellsItsStory() {
    gateway.up();
    String story = gateway.launcher("demo").ok();
    assertThat(story)
        .containsSubsequence(
            "the device hears the difference:",
            "\"state\":{\"color\":\"RED\"}",
            "the shadow, without a difference:",
            "\"reported\":{\"color\":\"RED\"}",
            "the alarm, republished",
            "\"temp\":64",
            "That was it.");
  }
}
