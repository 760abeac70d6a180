package dev.gatehouse.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.telemetry.HealthCheck.State;
import java.lang.reflect.Proxy;
import java.util.Dictionary;
import java.util.Hashtable;
import org.junit.jupiter.api.Test;
import org.osgi.framework.ServiceReference;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.ObjectClassDefinition;

class SettingsGuardTest {
  private static final String PID = "dev.gatehouse.example";

  private final SettingsGuard guard =
      new SettingsGuard(pid -> pid.equals(PID) ? definition() : null);

  private static AttributeDefinition attribute(String id, int type) {
    return (AttributeDefinition)
        Proxy.newProxyInstance(
            SettingsGuardTest.class.getClassLoader(),
            new Class<?>[] {AttributeDefinition.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getID" -> id;
                  case "getType" -> type;
                  case "getCardinality" -> 0;
                  case "getDescription" -> "a number of things, 1 to 9";
                  case "getOptionValues" ->
                      id.equals("profile") ? new String[] {"full", "small"} : new String[0];
                  case "validate" -> Integer.parseInt((String) arguments[0]) > 9 ? "too large" : "";
                  default -> throw new IllegalStateException(method.getName());
                });
  }

  private static ObjectClassDefinition definition() {
    AttributeDefinition[] attributes = {
      attribute("count", AttributeDefinition.INTEGER),
      attribute("on", AttributeDefinition.BOOLEAN),
      attribute("profile", AttributeDefinition.STRING),
      attribute("text", AttributeDefinition.STRING)
    };
    return (ObjectClassDefinition)
        Proxy.newProxyInstance(
            SettingsGuardTest.class.getClassLoader(),
            new Class<?>[] {ObjectClassDefinition.class},
            (proxy, method, arguments) -> attributes);
  }

  private Dictionary<String, Object> set(String name, Object value) {
    Dictionary<String, Object> properties = new Hashtable<>();
    properties.put("service.pid", PID);
    properties.put(name, value);
    guard.modifyConfiguration(reference(), properties);
    return properties;
  }

  private static ServiceReference<?> reference() {
    return (ServiceReference<?>)
        Proxy.newProxyInstance(
            SettingsGuardTest.class.getClassLoader(),
            new Class<?>[] {ServiceReference.class},
            (proxy, method, arguments) -> {
              throw new IllegalStateException(method.getName());
            });
  }

  @Test
  void whatFitsGoesThroughAsItIs() {
    assertThat(set("count", " 9 ").get("count")).isEqualTo(" 9 ");
    assertThat(set("on", "true").get("on")).isEqualTo("true");
    assertThat(set("text", "anything, at all").get("text")).isEqualTo("anything, at all");
    assertThat(guard.health().state()).isEqualTo(State.UP);
  }

  @Test
  void whatDoesNotFitIsToldAndTheDefaultStays() {
    assertThat(set("count", "banana").get("count")).isNull();
    assertThat(guard.health().state()).isEqualTo(State.DEGRADED);
    assertThat(guard.health().message())
        .isEqualTo(
            "dev.gatehouse.example: count is 'banana', but must be: a number of things, 1 to 9."
                + " In effect: the default");
    assertThat(set("on", "yes").get("on")).isNull();
    assertThat(set("profile", "huge").get("profile")).isNull();
    assertThat(set("profile", "small").get("profile")).isEqualTo("small");
  }

  @Test
  void valueBeforeStaysAndTheComplaintGoesWhenItIsMended() {
    set("count", "5");
    assertThat(set("count", "10").get("count")).isEqualTo("5");
    assertThat(guard.health().message()).contains("In effect: 5");
    assertThat(set("count", "6").get("count")).isEqualTo("6");
    assertThat(guard.health().state()).isEqualTo(State.UP);
  }

  @Test
  void unknownNameIsTold() {
    assertThat(set("cuont", "5").get("cuont")).isNull();
    assertThat(guard.health().message())
        .contains("cuont is not a setting; known are [count, on, profile, text]");
    set("count", "5");
    assertThat(guard.health().state()).as("gone when it is no longer set").isEqualTo(State.UP);
  }

  @Test
  void othersSettingsAreNotTouched() {
    Dictionary<String, Object> properties = new Hashtable<>();
    properties.put("service.pid", "org.example");
    properties.put("count", "banana");
    guard.modifyConfiguration(reference(), properties);
    assertThat(properties.get("count")).isEqualTo("banana");
  }
}
