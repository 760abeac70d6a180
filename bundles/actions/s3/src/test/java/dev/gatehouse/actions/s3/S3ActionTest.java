package dev.gatehouse.actions.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.rules.action.ActionFailure;
import dev.gatehouse.api.rules.action.ActionSettings;
import dev.gatehouse.api.rules.action.SettingsSchema;
import dev.gatehouse.api.telemetry.Metric;
import dev.gatehouse.testkit.ActionStand;
import dev.gatehouse.testkit.OneRole;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class S3ActionTest {
  private static final Account ACCOUNT = new Account("000000000000", "us-east-1");
  private static final String ROLE = "arn:aws:iam::000000000000:role/r";

  private static final OneRole ALL = new OneRole(ROLE, (action, resource) -> true);
  private static final Payload TEXT = Payload.ofText("text");
  private static final Message MESSAGE =
      Message.internal(ACCOUNT, "test", new TopicName("t"), Payload.ofText("source"), 1);

  @TempDir Path directory;
  private S3Type type;

  @BeforeEach
  void begin() {
    type = new S3Type(new S3Settings(directory));
  }

  @AfterEach
  void end() {
    type.deactivate();
  }

  @Test
  void theSelectedPayloadBecomesAnObject() {
    put("readings/room/1.json", "{\"t\":20}").join();
    assertThat(directory.resolve("bucket/readings/room/1.json")).hasContent("{\"t\":20}");
    assertThat(type.metrics())
        .contains(Metric.counter("actions_s3_sent_total", 1))
        .contains(Metric.counter("actions_s3_failures_total", 0));
  }

  @Test
  void camelStartsWithTheFirstObjectAndNotBefore() {
    stand(settings("bucket", "k"), ALL).close();
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

  @Test
  void theRoleNeedsTheRightToPutTheObject() {
    OneRole readings =
        new OneRole(
            ROLE,
            (action, object) ->
                action.equals("s3:PutObject")
                    && object.startsWith("arn:aws:s3:::bucket/readings/"));
    assertThat(stand(settings("bucket", "readings/1"), readings).execute(TEXT, MESSAGE))
        .succeedsWithin(Duration.ofSeconds(20));
    assertThat(stand(settings("bucket", "secrets/1"), readings).execute(TEXT, MESSAGE))
        .failsWithin(Duration.ofSeconds(20))
        .withThrowableOfType(ExecutionException.class)
        .withMessageContaining("may not do s3:PutObject on arn:aws:s3:::bucket/secrets/1");
    assertThat(directory.resolve("bucket/secrets")).doesNotExist();
  }

  @Test
  void failuresNameTheBucket() {
    assertThat(stand(settings("bucket", "k"), ALL).target().name()).isEqualTo("bucket");
  }

  @Test
  void aKeyThatTemplatesMadeUnfitFailsForGood() {
    ActionFailure failure = failure(put("../../etc/passwd", "x"));
    assertThat(failure.retryable()).isFalse();
    assertThat(directory.resolve("bucket")).doesNotExist();
  }

  @Test
  void aBucketThatTemplatesMadeUnfitFailsForGood() {
    assertThat(failure(stand(settings("../up", "k"), ALL).execute(TEXT, MESSAGE)).retryable())
        .isFalse();
    assertThat(directory.resolveSibling("up")).doesNotExist();
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
  void aStoppedActionFailsButMayBeTriedAgain() {
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
        ActionSettings.ofTexts(
            Map.of("bucketName", bucket, "key", key, "cannedAcl", acl, "roleArn", ROLE));
    assertThatThrownBy(
            () -> {
              new SettingsSchema(type.settings()).leaves(settings);
              type.validate(settings);
            })
        .isInstanceOfAny(ServiceException.class, IllegalArgumentException.class);
  }

  @Test
  void templatesAreNotJudgedAtCreation() {
    type.validate(settings("my-bucket.1", "${topic()}/${timestamp()}"));
    assertThat(type.settings())
        .extracting("name")
        .containsExactly("bucketName", "key", "cannedAcl", "roleArn");
  }

  private ActionStand stand(ActionSettings settings, OneRole role) {
    return new ActionStand(type, ACCOUNT, settings, role, Clock.systemUTC());
  }

  private CompletableFuture<Void> put(String key, String content) {
    return stand(settings("bucket", key), ALL).execute(Payload.ofText(content), MESSAGE);
  }

  private static ActionSettings settings(String bucket, String key) {
    return ActionSettings.ofTexts(Map.of("bucketName", bucket, "key", key, "roleArn", ROLE));
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
