package dev.gatehouse.itests;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** Bundles of the distribution, and what is made of them for a test. */
final class Jars {
  private Jars() {}

  /** The jar of {@code dev.gatehouse.NAME}. */
  static Path ofDistribution(String name) throws IOException {
    Path folder =
        Path.of(
            System.getProperty("gatehouse.distribution"),
            "system/dev/gatehouse/dev.gatehouse." + name);
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".jar")).findFirst().orElseThrow();
    }
  }

  /** Copies a jar with other headers in its manifest. */
  static void copy(Path from, Path to, Map<String, String> headers) throws IOException {
    copy(from, to, headers, name -> true);
  }

  /** Takes the native libraries out of a jar; returns how many there were. */
  static int withoutNatives(Path file) throws IOException {
    int natives;
    try (JarFile jar = new JarFile(file.toFile())) {
      natives = (int) jar.stream().filter(entry -> entry.getName().endsWith(".so")).count();
    }
    if (natives > 0) {
      Path without = file.resolveSibling("without");
      copy(file, without, Map.of(), name -> !name.endsWith(".so"));
      Files.move(without, file, StandardCopyOption.REPLACE_EXISTING);
    }
    return natives;
  }

  private static void copy(Path from, Path to, Map<String, String> headers, Predicate<String> keep)
      throws IOException {
    try (JarFile jar = new JarFile(from.toFile())) {
      Manifest manifest = new Manifest(Objects.requireNonNull(jar.getManifest()));
      headers.forEach(manifest.getMainAttributes()::putValue);
      try (OutputStream file = Files.newOutputStream(to);
          JarOutputStream out = new JarOutputStream(file, manifest)) {
        for (JarEntry entry : jar.stream().toList()) {
          if (!entry.getName().equals(JarFile.MANIFEST_NAME) && keep.test(entry.getName())) {
            out.putNextEntry(new JarEntry(entry.getName()));
            jar.getInputStream(entry).transferTo(out);
            out.closeEntry();
          }
        }
      }
    }
  }

  /** A {@code .kar} with one feature of one bundle, both called as given. */
  static void kar(Path to, String name, Path bundle) throws IOException {
    String features =
        """
        <features name="%1$s" xmlns="http://karaf.apache.org/xmlns/features/v1.6.0">
          <feature name="%1$s" version="1.0"><bundle>mvn:test/%1$s/1.0</bundle></feature>
        </features>
        """
            .formatted(name);
    try (OutputStream file = Files.newOutputStream(to);
        JarOutputStream out = new JarOutputStream(file, new Manifest())) {
      String folder = "repository/test/" + name;
      out.putNextEntry(
          new JarEntry(folder + "-features/1.0/" + name + "-features-1.0-features.xml"));
      out.write(features.getBytes(StandardCharsets.UTF_8));
      out.closeEntry();
      out.putNextEntry(new JarEntry(folder + "/1.0/" + name + "-1.0.jar"));
      Files.copy(bundle, out);
      out.closeEntry();
    }
  }
}
