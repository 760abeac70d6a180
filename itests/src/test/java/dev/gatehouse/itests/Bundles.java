package dev.gatehouse.itests;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The bundles of the one list, {@code bundles/all/pom.xml}, with their classes. */
final class Bundles {
  private static final Path LIST = Path.of("../bundles/all");
  private static final Pattern MODULE = Pattern.compile("<module>(.+?)</module>");
  private static final String JSON = "dev.gatehouse.json";

  /** Folders such as {@code bundles/actions/s3}. */
  static List<Path> folders() {
    try {
      return MODULE
          .matcher(Files.readString(LIST.resolve("pom.xml")))
          .results()
          .map((MatchResult module) -> LIST.resolve(module.group(1)).normalize())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where a bundle's own classes are; nowhere if it has none. */
  static Stream<Path> built(Path folder) {
    return Stream.of(folder.resolve("target/classes/dev/gatehouse")).filter(Files::exists);
  }

  /** The classes of each bundle by its folder, without those of the libraries that it embeds. */
  static Map<String, List<JavaClass>> classes() {
    Map<String, JavaClasses> imported = new TreeMap<>();
    for (Path folder : folders()) {
      imported.put(
          Path.of("..").relativize(folder).toString(),
          new ClassFileImporter().importPaths(built(folder).toList()));
    }
    return imported.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                entry -> entry.getValue().stream().filter(Bundles::isOurs).toList(),
                (one, other) -> one,
                TreeMap::new));
  }

  private static boolean isOurs(JavaClass type) {
    String name = type.getPackageName();
    return name.startsWith("dev.gatehouse.") && !name.startsWith(JSON);
  }

  /** The bundle of each package. */
  static Map<String, String> owners(Map<String, List<JavaClass>> classes) {
    Map<String, String> owners = new TreeMap<>();
    classes.forEach(
        (bundle, types) ->
            types.stream()
                .map(JavaClass::getPackageName)
                .collect(Collectors.toCollection(TreeSet::new))
                .forEach(
                    name -> {
                      String other = owners.putIfAbsent(name, bundle);
                      if (other != null) {
                        throw new IllegalStateException(
                            "the package %s is in %s and in %s".formatted(name, other, bundle));
                      }
                    }));
    return owners;
  }

  private Bundles() {}
}
