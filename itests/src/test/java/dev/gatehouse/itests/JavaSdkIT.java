package dev.gatehouse.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.services.iot.IotClient;
import software.amazon.awssdk.services.iot.model.IotException;

/** Every operation by the AWS SDK for Java 2. */
class JavaSdkIT {
  /** What has been run, and has ended well. */
  private static final Set<String> DONE = new HashSet<>();

  @TempDir static Path directory;
  private static AwsStand stand;
  private static SdkClients clients;
  private static Map<String, Executable> parts;

  @BeforeAll
  static void up() throws Exception {
    stand = new AwsStand(directory);
    clients = new SdkClients(stand);
    parts = parts(clients);
  }

  @AfterAll
  static void down() {
    stand.close();
  }

  private static Map<String, Executable> parts(SdkClients clients) {
    SdkRegistry registry = new SdkRegistry(clients);
    SdkSecurity security = new SdkSecurity(clients);
    SdkMessages messages = new SdkMessages(clients);
    SdkUsers users = new SdkUsers(clients);
    Map<String, Executable> parts = new LinkedHashMap<>();
    parts.put("things", registry::things);
    parts.put("types", registry::types);
    parts.put("groups", registry::groups);
    parts.put("billing groups", registry::billing);
    parts.put("settings", registry::settings);
    parts.put("certificates", security::certificates);
    parts.put("authorities", security::authorities);
    parts.put("transfers", security::transfers);
    parts.put("policies", security::policies);
    parts.put("rules", messages::rules);
    parts.put("destinations", messages::destinations);
    parts.put("shadows", messages::shadows);
    parts.put("publishing", messages::publishing);
    parts.put("audit", messages::audit);
    parts.put("users", users::users);
    parts.put("user groups", users::groups);
    parts.put("managed policies", users::policies);
    parts.put("roles", users::roles);
    parts.put("identities", users::identities);
    return parts;
  }

  static Stream<String> names() {
    return parts.keySet().stream();
  }

  private static void run(String part) throws Throwable {
    if (!DONE.contains(part)) {
      parts.get(part).execute();
      DONE.add(part);
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void operationsAnswerAsTheSdkExpects(String part) throws Throwable {
    run(part);
  }

  @Test
  void everyOperationHasSucceeded() throws Throwable {
    for (String part : parts.keySet()) {
      run(part);
    }
    AwsOperations.assertCovered(clients.succeeded());
  }

  @Test
  void aWrongSecretIsRefused() {
    AwsBasicCredentials forged =
        AwsBasicCredentials.create(clients.administrator().accessKeyId(), "x".repeat(40));
    try (IotClient forger = clients.client(IotClient.builder(), forged)) {
      assertThatThrownBy(() -> forger.listThings())
          .isInstanceOfSatisfying(
              IotException.class,
              e ->
                  assertThat(e.awsErrorDetails().errorCode())
                      .isEqualTo("InvalidSignatureException"));
    }
  }
}
