package dev.gatehouse.monitoring;

import dev.gatehouse.api.telemetry.HealthCheck;
import java.util.Arrays;
import java.util.Collections;
import java.util.Dictionary;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationPlugin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.MetaTypeInformation;
import org.osgi.service.metatype.MetaTypeService;
import org.osgi.service.metatype.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands between what somebody sets and the component that it is set for (OSGi Compendium 104.9). A
 * value that does not fit the setting's definition would keep the component from starting: it is
 * told by name, once in the log and in the health until it is mended, and the value before it, or
 * the default, stays in effect.
 */
@Component(
    service = {ConfigurationPlugin.class, HealthCheck.class},
    property = {
      "config.plugin.id=dev.gatehouse.settings",
      // Behind the plugin that fills in placeholders.
      ConfigurationPlugin.CM_RANKING + ":Integer=900"
    },
    immediate = true)
public final class SettingsGuard implements ConfigurationPlugin, HealthCheck {
  private static final Logger LOG = LoggerFactory.getLogger(SettingsGuard.class);
  private static final String OURS = "dev.gatehouse.";

  private final Function<String, @Nullable ObjectClassDefinition> definitions;
  private final Map<String, Object> inEffect = new ConcurrentHashMap<>();
  private final Map<String, String> refused = new ConcurrentHashMap<>();

  /** Reads the definitions that our bundles carry. */
  @Activate
  public SettingsGuard(BundleContext context, @Reference MetaTypeService types) {
    this(pid -> definition(context, types, pid));
  }

  SettingsGuard(Function<String, @Nullable ObjectClassDefinition> definitions) {
    this.definitions = definitions;
  }

  private static @Nullable ObjectClassDefinition definition(
      BundleContext context, MetaTypeService types, String pid) {
    for (Bundle bundle : context.getBundles()) {
      if (String.valueOf(bundle.getSymbolicName()).startsWith(OURS)) {
        MetaTypeInformation information = types.getMetaTypeInformation(bundle);
        if (information != null
            && (Arrays.asList(information.getPids()).contains(pid)
                || Arrays.asList(information.getFactoryPids()).contains(pid))) {
          return information.getObjectClassDefinition(pid, null);
        }
      }
    }
    return null;
  }

  @Override
  public void modifyConfiguration(
      ServiceReference<?> reference, Dictionary<String, Object> properties) {
    String pid = String.valueOf(properties.get(Constants.SERVICE_PID));
    Object factory = properties.get("service.factoryPid");
    if (!pid.startsWith(OURS)) {
      return;
    }
    ObjectClassDefinition definition =
        definitions.apply(factory == null ? pid : factory.toString());
    if (definition == null) {
      return; // its bundle is not there
    }
    Map<String, AttributeDefinition> known = new TreeMap<>();
    for (AttributeDefinition attribute :
        definition.getAttributeDefinitions(ObjectClassDefinition.ALL)) {
      known.put(attribute.getID(), attribute);
    }
    refused.keySet().removeIf(key -> isMended(key, pid, known, properties));
    for (String name : Collections.list(properties.keys())) {
      if (name.indexOf('.') < 0 && !known.containsKey(name)) {
        refuse(pid, name, "is not a setting; known are " + known.keySet());
        properties.remove(name);
      }
    }
    known.forEach((name, attribute) -> check(pid, attribute, properties));
  }

  /** An unknown name that is no longer set. */
  private static boolean isMended(
      String key,
      String pid,
      Map<String, AttributeDefinition> known,
      Dictionary<String, Object> properties) {
    String prefix = pid + ": ";
    if (!key.startsWith(prefix)) {
      return false;
    }
    String name = key.substring(prefix.length());
    return !known.containsKey(name) && properties.get(name) == null;
  }

  private void check(String pid, AttributeDefinition attribute, Dictionary<String, Object> all) {
    String name = attribute.getID();
    String key = pid + ": " + name;
    Object value = all.get(name);
    if (value == null || fits(attribute, value.toString().trim())) {
      refused.remove(key);
      if (value == null) {
        inEffect.remove(key);
      } else {
        inEffect.put(key, value);
      }
      return;
    }
    Object before = inEffect.get(key);
    if (before == null) {
      all.remove(name);
    } else {
      all.put(name, before);
    }
    refuse(
        pid,
        name,
        "is '%s', but must be: %s. In effect: %s"
            .formatted(value, attribute.getDescription(), before == null ? "the default" : before));
  }

  private void refuse(String pid, String name, String why) {
    if (!why.equals(refused.put(pid + ": " + name, why))) {
      LOG.error("event=setting-refused pid={} {} {}", pid, name, why);
    }
  }

  private static boolean fits(AttributeDefinition attribute, String value) {
    if (attribute.getCardinality() != 0) {
      return true;
    }
    try {
      switch (attribute.getType()) {
        case AttributeDefinition.INTEGER -> Integer.parseInt(value);
        case AttributeDefinition.LONG -> Long.parseLong(value);
        case AttributeDefinition.DOUBLE -> Double.parseDouble(value);
        case AttributeDefinition.BOOLEAN -> {
          return value.equals("true") || value.equals("false");
        }
        default -> {
          String[] options = attribute.getOptionValues();
          return options == null || options.length == 0 || Arrays.asList(options).contains(value);
        }
      }
    } catch (NumberFormatException e) {
      return false;
    }
    String fault = attribute.validate(value); // the range
    return fault == null || fault.isEmpty();
  }

  @Override
  public Health health() {
    if (refused.isEmpty()) {
      return new Health("settings", State.UP, "");
    }
    StringBuilder text = new StringBuilder();
    new TreeMap<>(refused)
        .forEach(
            (key, why) ->
                text.append(text.isEmpty() ? "" : "; ").append(key).append(' ').append(why));
    return new Health("settings", State.DEGRADED, text.toString());
  }
}
