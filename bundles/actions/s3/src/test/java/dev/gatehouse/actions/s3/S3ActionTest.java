package dev.gatehouse.actions.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.rules.action.ActionFailure;
import dev.gatehouse.api.rules.action.ActionInput;
import dev.gatehouse.api.rules.action.ActionSettings;
import dev.gatehouse.api.rules.action.RuleAction;
import dev.gatehouse.api.telemetry.Metric;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class S3ActionTest {
  private static final Account ACCOUNT = new Account("000000000000", "us-east-1");
  private static final String ROLE = "arn:aws:iam::000000000000:role/r";

  @TempDir Path directory;
  private S3Type type;

  @BeforeEach
  void begin() {
    type = new S3Type(new S3Settings(directory, 64));
  }

  @AfterEach
  void end() throws InterruptedException {
    type.deactivate();
  }

  @Test
  void theSelectedPayloadBecomesAnObject() {
    put("readings/room/1.json", "{\"t\":20}").join();
    assertThat(directory.resolve("bucket/readings/room/1.json")).hasContent("{\"t\":20}");
    assertThat(type.metrics())
        .contains(Metric.counter("actions_s3_objects_written_total", 1))
        .contains(Metric.counter("actions_s3_failures_total", 0));
  }

  @Test
  void camelStartsWithTheFirstObjectAndNotBefore() {
    type.create(settings("bucket", "k"));
    assertThat(type.started()).isFalse();
    put("k", "v").join();
    assertThat(type.started()).isTrue();
  }

  @Test
  void manyAtOnceAreAllWrittenAndTheLastOfAKeyStays() {
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      all.add(put("many/" + i, "v" + i));
    }
    all.add(put("many/7", "last"));
    CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
    assertThat(directory.resolve("bucket/many")).isDirectoryContaining("glob:**/49");
    assertThat(directory.resolve("bucket/many/7")).hasContent("last");
  }

  /** The first object starts Camel, which takes far longer than to hand over the others. */
  @Test
  void objectsThatWaitTakeBoundedMemoryAndMayBeTriedAgain() {
    String megabyte = "x".repeat(1 << 20);
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      all.add(put("large/" + i, megabyte));
    }
    ActionFailure failure = failure(all.get(19));
    assertThat(failure).hasMessage("the objects that wait take too much memory");
    assertThat(failure.retryable()).isTrue();
    all.get(0).join();
    all.get(4).join();
    put("large/19", megabyte).join();
    assertThat(directory.resolve("bucket/large/19")).exists();
  }

  @Test
  void aKeyThatTemplatesMadeUnfitFailsForGood() {
    ActionFailure failure = failure(put("../../etc/passwd", "x"));
    assertThat(failure.retryable()).isFalse();
    assertThat(failure.resource()).isEqualTo("bucket");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void aKeyBelowAnObjectFailsForGoodOutOfTheRoute() {
    put("a", "x").join();
    ActionFailure failure = failure(put("a/b", "y"));
    assertThat(failure.retryable()).isFalse();
    assertThat(failure).hasMessageContaining("'a'");
    assertThat(type.metrics()).contains(Metric.counter("actions_s3_failures_total", 1));
  }

  @Test
  void aStoppedActionFailsButMayBeTriedAgain() throws InterruptedException {
    type.deactivate();
    assertThat(failure(put("k", "v")).retryable()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "Bucket, k, private",
    "ab, k, private",
    "a..b, k, private",
    "192.168.0.1, k, private",
    "../x, k, private",
    "bucket, /k, private",
    "bucket, a//b, private",
    "bucket, k, everyone",
  })
  void anUnfitSettingIsRefusedAtCreation(String bucket, String key, String acl) {
    ActionSettings settings =
        new ActionSettings(
            Map.of("bucketName", bucket, "key", key, "cannedAcl", acl, "roleArn", ROLE));
    assertThatThrownBy(() -> type.validate(settings))
        .isInstanceOfSatisfying(
            ServiceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST));
  }

  @Test
  void templatesAreNotJudgedAtCreation() {
    type.validate(settings("my-bucket.1", "${topic()}/${timestamp()}"));
    assertThat(type.settings())
        .extracting("name")
        .containsExactly("bucketName", "key", "cannedAcl", "roleArn");
  }

  private CompletableFuture<Void> put(String key, String content) {
    ActionSettings settings = settings("bucket", key);
    Message message =
        Message.internal(ACCOUNT, "test", new TopicName("t"), Payload.ofText("source"), 1);
    try (RuleAction action = type.create(settings)) {
      return action
          .execute(new ActionInput("rule", settings, Payload.ofText(content), message))
          .toCompletableFuture();
    }
  }

  private static ActionSettings settings(String bucket, String key) {
    return new ActionSettings(Map.of("bucketName", bucket, "key", key, "roleArn", ROLE));
  }

  private static ActionFailure failure(CompletableFuture<Void> stage) {
    try {
      stage.join();
    } catch (CompletionException e) {
      return (ActionFailure) e.getCause();
    }
    throw new AssertionError("it did not fail");
  }
}
