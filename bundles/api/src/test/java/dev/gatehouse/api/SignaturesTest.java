package dev.gatehouse.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The contracts are what other people's bundles compile against: a change of them is a decision. To
 * take one, run the test with {@code -Dgatehouse.signatures=write} and commit the file.
 */
class SignaturesTest {
  private static final Path CLASSES = Path.of("target/classes");
  private static final Path GOLDEN = Path.of("src/test/resources/api-signatures.txt");

  @Test
  void theContractsAreThoseThatWereDecided() throws IOException, ClassNotFoundException {
    TreeSet<String> signatures = new TreeSet<>();
    try (Stream<Path> files = Files.walk(CLASSES)) {
      for (Path file : files.filter(name -> name.toString().endsWith(".class")).toList()) {
        String name =
            CLASSES.relativize(file).toString().replace('/', '.').replaceAll(".class$", "");
        if (!name.endsWith("package-info")) {
          describe(Class.forName(name), signatures);
        }
      }
    }
    if ("write".equals(System.getProperty("gatehouse.signatures"))) {
      Files.write(GOLDEN, signatures);
    }
    List<String> golden = Files.readAllLines(GOLDEN);
    assertThat(golden).isNotEmpty();
    assertThat(List.copyOf(signatures)).isEqualTo(golden);
  }

  private static boolean visible(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }

  private static void describe(Class<?> type, TreeSet<String> signatures) {
    if (!visible(type.getModifiers())) {
      return;
    }
    signatures.add(type.toGenericString());
    for (Field field : type.getDeclaredFields()) {
      if (visible(field.getModifiers())) {
        signatures.add(field.toGenericString());
      }
    }
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      add(constructor, signatures);
    }
    for (Method method : type.getDeclaredMethods()) {
      add(method, signatures);
    }
  }

  private static void add(Executable member, TreeSet<String> signatures) {
    if (visible(member.getModifiers()) && !member.isSynthetic()) {
      signatures.add(member.toGenericString());
    }
  }
}
