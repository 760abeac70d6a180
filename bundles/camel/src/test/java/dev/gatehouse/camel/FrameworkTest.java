package dev.gatehouse.camel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.rules.action.ActionFailure;
import dev.gatehouse.probe.ProbeActivator;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.slf4j.LoggerFactory;
import org.slf4j.impl.StaticLoggerBinder;

/** The bundle as it is, in a real framework. */
final class FrameworkTest {

  @Test
  void anotherBundleRunsRoutesWithTheComponentsOfThisOne(@TempDir Path directory) throws Exception {
    Map<String, String> properties =
        Map.of(
            Constants.FRAMEWORK_STORAGE, directory.resolve("cache").toString(),
            Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT,
            ProbeActivator.DIRECTORY, directory.resolve("out").toString());
    Framework framework = new FrameworkFactory().newFramework(properties);
    framework.start();
    try {
      BundleContext context = framework.getBundleContext();
      context.installBundle(locationOf(LoggerFactory.class));
      context.installBundle(locationOf(StaticLoggerBinder.class));
      context.installBundle(locationOf(ActionFailure.class));
      Bundle camel = context.installBundle(locationOf(LazyContext.class));
      Bundle probe = context.installBundle("probe", new ByteArrayInputStream(probe()));

      probe.start();

      assertThat(directory.resolve("out/out.txt")).hasContent("hello from osgi");
      assertThat(camel.getSymbolicName()).isEqualTo("dev.gatehouse.camel");
    } finally {
      framework.stop();
      framework.waitForStop(10_000);
    }
  }

  private static String locationOf(Class<?> type) throws URISyntaxException {
    URL source = type.getProtectionDomain().getCodeSource().getLocation();
    return "reference:" + Path.of(source.toURI()).toUri();
  }

  private static byte[] probe() throws IOException {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
    main.putValue(Constants.BUNDLE_SYMBOLICNAME, "probe");
    main.putValue(Constants.BUNDLE_ACTIVATOR, ProbeActivator.class.getName());
    main.putValue(
        Constants.IMPORT_PACKAGE,
        "dev.gatehouse.camel,org.osgi.framework,org.apache.camel,org.apache.camel.builder,"
            + "org.apache.camel.model");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
      for (String name : new String[] {"ProbeActivator", "ProbeActivator$1"}) {
        String path = "dev/gatehouse/probe/" + name + ".class";
        jar.putNextEntry(new ZipEntry(path));
        try (InputStream in = FrameworkTest.class.getClassLoader().getResourceAsStream(path)) {
          in.transferTo(jar);
        }
        jar.closeEntry();
      }
    }
    return bytes.toByteArray();
  }
}
