package dev.gatehouse.itests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** The size of each feature of a distribution: its bundles on disk, and their loaded classes. */
final class Footprint {
  private static final Pattern CLASS = Pattern.compile("(?m)^ +\\d+: (?: s)? +([\\w.$]+)$");
  private static final Pattern COMMITTED =
      Pattern.compile("Both: .*?capacity, +([\\d.]+) (bytes|KB|MB) ");

  private final Path system;

  /**
   * One row of the table.
   *
   * @param diskBytes of the feature's own bundles, without those of the features that it needs
   * @param codeBytes of metaspace for the classes that are loaded from them
   */
  record Row(String feature, long diskBytes, long codeBytes) {}

  Footprint(Path distribution) {
    system = distribution.resolve("system");
  }

  /**
   * Measures the features.
   *
   * @param metaspace printed by {@code jcmd PID VM.metaspace show-loaders show-classes}
   */
  List<Row> rows(String metaspace) throws IOException {
    Map<String, List<Path>> features = features();
    Map<Path, Long> code =
        code(metaspace, features.values().stream().flatMap(List::stream).toList());
    List<Row> rows = new ArrayList<>();
    for (Map.Entry<String, List<Path>> feature : features.entrySet()) {
      long disk = 0;
      long loaded = 0;
      for (Path jar : feature.getValue()) {
        disk += Files.size(jar);
        loaded += code.getOrDefault(jar, 0L);
      }
      rows.add(new Row(feature.getKey(), disk, loaded));
    }
    return rows;
  }

  /** As a table in Markdown, with sums. */
  static String table(List<Row> rows) {
    StringBuilder table =
        new StringBuilder("| feature | on disk, MB | loaded code, MB |\n|---|--:|--:|\n");
    rows.stream().filter(row -> row.diskBytes > 0).forEach(row -> append(table, row));
    append(
        table,
        new Row(
            "all",
            rows.stream().mapToLong(Row::diskBytes).sum(),
            rows.stream().mapToLong(Row::codeBytes).sum()));
    return table.toString();
  }

  private static void append(StringBuilder table, Row row) {
    table.append(
        "| %s | %.2f | %.2f |\n".formatted(row.feature, row.diskBytes / 1e6, row.codeBytes / 1e6));
  }

  private Map<String, List<Path>> features() throws IOException {
    Map<String, List<Path>> features = new LinkedHashMap<>();
    NodeList all = parsed(repository()).getDocumentElement().getChildNodes();
    for (int i = 0; i < all.getLength(); i++) {
      if (all.item(i) instanceof Element feature && feature.getTagName().equals("feature")) {
        List<Path> jars = new ArrayList<>();
        NodeList bundles = feature.getElementsByTagName("bundle");
        for (int j = 0; j < bundles.getLength(); j++) {
          jars.add(jar(bundles.item(j).getTextContent().strip()));
        }
        features.put(feature.getAttribute("name"), jars);
      }
    }
    return features;
  }

  private Path repository() throws IOException {
    try (Stream<Path> files = Files.walk(system.resolve("dev/gatehouse/features"))) {
      return files.filter(file -> file.toString().endsWith(".xml")).findFirst().orElseThrow();
    }
  }

  private static Document parsed(Path file) throws IOException {
    try {
      return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
    } catch (ParserConfigurationException | SAXException e) {
      throw new IOException(file + " cannot be parsed", e);
    }
  }

  /** The file of {@code mvn:GROUP/ARTIFACT/VERSION[/TYPE/CLASSIFIER]}. */
  private Path jar(String location) {
    String[] parts = location.replace("mvn:", "").split("/");
    String classifier = parts.length > 4 ? "-" + parts[4] : "";
    return system
        .resolve(parts[0].replace('.', '/'))
        .resolve(parts[1])
        .resolve(parts[2])
        .resolve(parts[1] + "-" + parts[2] + classifier + ".jar");
  }

  /** The metaspace of each jar whose class loader is listed. */
  private static Map<Path, Long> code(String metaspace, List<Path> jars) throws IOException {
    Map<Path, Set<String>> contents = new LinkedHashMap<>();
    for (Path jar : jars) {
      try (JarFile file = new JarFile(jar.toFile())) {
        Set<String> names = new HashSet<>();
        file.stream()
            .map(entry -> entry.getName())
            .filter(name -> name.endsWith(".class"))
            .forEach(name -> names.add(name.substring(0, name.length() - 6).replace('/', '.')));
        contents.put(jar, names);
      }
    }
    Map<Path, Long> code = new HashMap<>();
    for (String loader : metaspace.split("\n\\s*\n")) {
      Matcher committed = COMMITTED.matcher(loader);
      List<String> classes =
          CLASS
              .matcher(loader)
              .results()
              .map(found -> found.group(1))
              .filter(name -> !name.contains("$Proxy")) // made at run time, in no jar
              .toList();
      if (!classes.isEmpty() && committed.find()) {
        long bytes = bytes(committed.group(1), committed.group(2));
        contents.entrySet().stream()
            .filter(entry -> entry.getValue().containsAll(classes))
            .findFirst()
            .ifPresent(entry -> code.merge(entry.getKey(), bytes, Long::sum));
      }
    }
    return code;
  }

  private static long bytes(String number, String unit) {
    double value = Double.parseDouble(number);
    return switch (unit) {
      case "MB" -> (long) (value * (1 << 20));
      case "KB" -> (long) (value * (1 << 10));
      default -> (long) value;
    };
  }
}
