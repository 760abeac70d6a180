package dev.gatehouse.api.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogTextTest {

  @Test
  void whatActsOnATerminalOrALineIsEscaped() {
    assertThat(LogText.printable("a\u001b[2Jb\r\nc\u0000d\u007fe\u009bf\u202eg\u2028h"))
        .isEqualTo("a\\u001b[2Jb\\u000d\\u000ac\\u0000d\\u007fe\\u009bf\\u202eg\\u2028h");
    assertThat(LogText.printable("\ud83d x \udca9")).isEqualTo("\\ud83d x \\udca9");
  }

  @Test
  void anythingElseStaysTheSameText() {
    String text = "Küche/温度/\ud83d\udca9 +#$ \"quoted\" \\";
    assertThat(LogText.printable(text)).isSameAs(text);
  }
}
