package dev.gatehouse.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the documents tell a reader to type works as it stands there. */
class DocsIT {
  private static final Path ROOT = Path.of(System.getProperty("gatehouse.root"));
  private static final Pattern SHELL_BLOCK =
      Pattern.compile("^```sh\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

  @TempDir Path directory;
  private Gateway gateway;

  /** A folder with the launcher in it, as a reader has it. */
  @BeforeEach
  void folder() throws IOException {
    gateway = new Gateway(directory.resolve("home"));
    Path launcher =
        Files.writeString(
            directory.resolve("gatehouse"),
            "#!/bin/sh\nexec sh '"
                + System.getProperty("gatehouse.distribution")
                + "/gatehouse' \"$@\"\n");
    assertThat(launcher.toFile().setExecutable(true)).isTrue();
  }

  @AfterEach
  void down() {
    gateway.close();
  }

  private static String shell(String document, String heading) throws IOException {
    String text = Files.readString(ROOT.resolve(document));
    int from = text.indexOf(heading);
    assertThat(from).as(heading).isNotNegative();
    int next = heading.startsWith("## ") ? text.indexOf("\n## ", from) : -1;
    int end = next < 0 ? text.length() : next;
    String blocks =
        SHELL_BLOCK
            .matcher(text.substring(from, end))
            .results()
            .map((MatchResult block) -> block.group(1))
            .collect(Collectors.joining());
    assertThat(blocks).as(document).isNotBlank();
    return blocks;
  }

  private Gateway.Result paste(String commands) {
    // Debian's own clients, whatever else this machine has.
    Map<String, String> environment = new HashMap<>();
    environment.put("GATEHOUSE_HOME", gateway.home().toString());
    environment.put("PATH", "/usr/bin:/bin:/usr/sbin:/sbin");
    return gateway.run(List.of("bash", "-e", "-c", commands), environment, directory);
  }

  @Test
  void tourAndTheExamplesOfThingsAndShadows() throws IOException {
    Gateway.Result result =
        paste(
            shell("README.md", "## A tour")
                + shell("docs/things.md", "#")
                + shell("docs/shadows.md", "#")
                + "cat out.json\n");
    assertThat(result.ok())
        .contains("\"reported\":{\"color\":\"RED\"}")
        .contains("arn:aws:iot:us-east-1:000000000000:thing/lamp")
        .contains("\"desired\":{\"color\":\"RED\"}");
  }

  @Test
  void backupAndRestore() throws IOException {
    gateway.up();
    gateway.aws("iot", "create-thing", "--thing-name", "kept").ok();
    String backup = directory.resolve("backup").toString();
    String commands =
        shell("docs/operating.md", "## Backup").replace("/var/backups/gatehouse-1", backup);
    assertThat(paste(commands).ok()).contains("is ready");
    assertThat(gateway.aws("iot", "list-things").ok()).contains("kept");
  }

  @Test
  void demoTellsItsStory() {
    gateway.up();
    String story = gateway.launcher("demo").ok();
    assertThat(story)
        .as("the delta, the report and the hot reading")
        .containsPattern("\"state\":\\{\"color\":\"RED\"\\},\"metadata\"")
        .contains("\"reported\":{\"color\":\"RED\"}")
        .contains("{\"temp\":64,")
        .doesNotContain("{\"temp\":21,");
  }
}
