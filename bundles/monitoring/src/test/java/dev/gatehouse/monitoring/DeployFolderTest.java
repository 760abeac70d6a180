package dev.gatehouse.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.telemetry.HealthCheck.State;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Version;

class DeployFolderTest {
  @TempDir Path directory;

  private Path folder;
  private DeployFolder deploy;

  @BeforeEach
  void make() throws IOException {
    folder = Files.createDirectory(directory.resolve("deploy"));
    Bundle[] bundles = {
      bundle("dev.gatehouse.rules", "mvn:dev.gatehouse/dev.gatehouse.rules/0.1.0"),
      bundle("own", "file:" + folder.resolve("own.jar"))
    };
    deploy = new DeployFolder(answering(BundleContext.class, bundles, "getBundles"), folder);
  }

  private static Bundle bundle(String name, String location) {
    return (Bundle)
        Proxy.newProxyInstance(
            Bundle.class.getClassLoader(),
            new Class<?>[] {Bundle.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getSymbolicName" -> name;
                  case "getLocation" -> location;
                  case "getVersion" -> new Version(0, 1, 0);
                  case "getBundleId" -> 42L;
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private static <T> T answering(Class<T> type, Object answer, String question) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              assertThat(method.getName()).isEqualTo(question);
              return answer;
            }));
  }

  private File jar(String file, String symbolicName) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    if (!symbolicName.isEmpty()) {
      manifest.getMainAttributes().putValue("Bundle-SymbolicName", symbolicName);
    }
    Path path = folder.resolve(file);
    try (OutputStream out = Files.newOutputStream(path);
        JarOutputStream jar = new JarOutputStream(out, manifest)) {
      jar.finish();
    }
    return path.toFile();
  }

  private File text(String file) throws IOException {
    return Files.writeString(folder.resolve(file), "nothing").toFile();
  }

  @Test
  void aCopyOfABundleOfTheGatewayIsRefusedAndTold() throws IOException {
    File copy = jar("copy.jar", "dev.gatehouse.rules;singleton:=true");
    assertThat(deploy.canHandle(copy)).isTrue();
    deploy.install(copy);
    assertThat(deploy.health().state()).isEqualTo(State.DEGRADED);
    assertThat(deploy.health().message())
        .contains("deploy/copy.jar", "dev.gatehouse.rules 0.1.0", "bundle:update 42");
    deploy.uninstall(copy);
    assertThat(deploy.health().state()).isEqualTo(State.UP);
  }

  @Test
  void whatCannotBeInstalledIsToldByItsName() throws IOException {
    for (File file :
        new File[] {
          text("broken.jar"), text("broken.kar"), jar("plain.jar", ""), text("features.xml")
        }) {
      assertThat(deploy.canHandle(file)).as(file.getName()).isTrue();
      deploy.install(file);
      assertThat(deploy.health().message()).contains("deploy/" + file.getName());
    }
  }

  @Test
  void allElseIsLeftToOthers() throws IOException {
    assertThat(deploy.canHandle(jar("driver.jar", "some.driver"))).isFalse();
    assertThat(deploy.canHandle(jar("own.jar", "own"))).as("comes from this file").isFalse();
    assertThat(deploy.canHandle(jar("good.kar", ""))).isFalse();
    assertThat(deploy.canHandle(text("some.pid.cfg"))).isFalse();
    assertThat(deploy.canHandle(text(".hidden"))).isFalse();
    Path elsewhere = Files.writeString(directory.resolve("broken.jar"), "nothing");
    assertThat(deploy.canHandle(elsewhere.toFile())).isFalse();
  }
}
