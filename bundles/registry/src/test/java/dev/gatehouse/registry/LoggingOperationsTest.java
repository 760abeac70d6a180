package dev.gatehouse.registry;

import static dev.gatehouse.registry.House.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class LoggingOperationsTest {
  private static final String ROLE = "arn:aws:iam::123456789012:role/logs";

  private final House house = new House();

  private void refused(String operation, String body, ErrorCode code) {
    house.refused(operation, House.request(ACCOUNT, Map.of(), Map.of(), "", body), code);
  }

  private void level(String target, String level) {
    house.call(
        "SetV2LoggingLevel", "{'logTarget': {%s}, 'logLevel': '%s'}".formatted(target, level));
  }

  private List<String> levels(Map<String, String> query) {
    List<String> levels = new ArrayList<>();
    ObjectNode page =
        house.call("ListV2LoggingLevels", House.request(ACCOUNT, Map.of(), query, "", ""));
    page.get("logTargetConfigurations")
        .forEach(
            entry ->
                levels.add(
                    entry.at("/logTarget/targetName").asText()
                        + " "
                        + entry.get("logLevel").asText()));
    return levels;
  }

  @Test
  void theFirstVersionsOptionsAreKept() {
    assertThat(house.call("GetLoggingOptions", "").get("logLevel").asText()).isEqualTo("DISABLED");
    house.call("SetLoggingOptions", "{'roleArn': '" + ROLE + "', 'logLevel': 'DEBUG'}");
    ObjectNode options = house.call("GetLoggingOptions", "");
    assertThat(options.get("roleArn").asText()).isEqualTo(ROLE);
    assertThat(options.get("logLevel").asText()).isEqualTo("DEBUG");
    refused("SetLoggingOptions", "{'logLevel': 'DEBUG'}", ErrorCode.INVALID_REQUEST);
    refused("SetLoggingOptions", "{'roleArn': 'r', 'logLevel': 'LOUD'}", ErrorCode.INVALID_REQUEST);
  }

  @Test
  void theSecondVersionSaysSoWhenNothingIsSet() {
    for (String operation : List.of("GetV2LoggingOptions", "ListV2LoggingLevels")) {
      refused(operation, "", RegistryErrors.NOT_CONFIGURED);
    }
    refused(
        "SetV2LoggingLevel",
        "{'logTarget': {'targetType': 'DEFAULT'}, 'logLevel': 'INFO'}",
        RegistryErrors.NOT_CONFIGURED);
  }

  @Test
  void levelsOfTargetsAreSetListedAndTakenAway() {
    house.call("SetV2LoggingOptions", "{'roleArn': '" + ROLE + "', 'defaultLogLevel': 'WARN'}");
    level("'targetType': 'THING_GROUP', 'targetName': 'attic'", "DEBUG");
    level("'targetType': 'CLIENT_ID', 'targetName': 'lamp'", "INFO");
    level("'targetType': 'DEFAULT'", "DISABLED");
    assertThat(levels(Map.of())).containsExactly("lamp INFO", "attic DEBUG");
    assertThat(levels(Map.of("targetType", "THING_GROUP"))).containsExactly("attic DEBUG");
    ObjectNode options = house.call("GetV2LoggingOptions", "");
    assertThat(options.get("defaultLogLevel").asText()).isEqualTo("DISABLED");
    assertThat(options.get("disableAllLogs").asBoolean()).isFalse();
    assertThat(options.get("roleArn").asText()).isEqualTo(ROLE);
    house.call(
        "DeleteV2LoggingLevel",
        House.request(
            ACCOUNT, Map.of(), Map.of("targetType", "THING_GROUP", "targetName", "attic"), "", ""));
    assertThat(levels(Map.of())).containsExactly("lamp INFO");
  }

  @Test
  void whatCanNotBeIsRefused() {
    house.call("SetV2LoggingOptions", "{}");
    refused("SetV2LoggingOptions", "{'disableAllLogs': 'yes'}", ErrorCode.INVALID_REQUEST);
    refused("SetV2LoggingOptions", "{'defaultLogLevel': 'info'}", ErrorCode.INVALID_REQUEST);
    for (String target :
        List.of(
            "{'targetType': 'ROOM', 'targetName': 'x'}",
            "{'targetType': 'CLIENT_ID'}",
            "{'targetType': 'DEFAULT', 'targetName': 'x'}",
            "{}",
            "1")) {
      refused(
          "SetV2LoggingLevel",
          "{'logTarget': %s, 'logLevel': 'INFO'}".formatted(target),
          ErrorCode.INVALID_REQUEST);
    }
  }
}
