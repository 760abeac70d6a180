package dev.gatehouse.testkit;

import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.identity.Principal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * The law that the resources which an operation is authorised on are those that it acts on, however
 * a request spells them. A caller may do everything but on certain victims. Random spellings of
 * calls must not change a row that names a victim, and must not tell what only a victim's
 * description tells, unless rights on the victim were asked for.
 */
public final class ResourceLaw {
  private final Supplier<World> worlds;
  private final List<SampleCall> samples;
  private final Set<String> violations = new LinkedHashSet<>();
  private World world;

  /** A resource that a caller has rights on, and one that it has none on. */
  public record Names(String mine, String victim, String victimArn) {

    /** A text of a call that no rights are asked for, and that is not spelled otherwise. */
    public static Names text(String text) {
      return new Names(text, text, "");
    }

    boolean asked() {
      return !victimArn.isEmpty();
    }
  }

  /** What the operations work on. */
  public interface World {
    /** Operations of the bundle's module, all of them. */
    List<ApiOperation> operations();

    /** Where they keep what they keep. */
    InMemoryStore store();

    /** Who calls. */
    Principal caller();

    /** By the names that sample calls use. */
    Map<String, Names> names();

    /** Texts that only an answer about a victim holds. */
    List<String> secrets();
  }

  private ResourceLaw(Supplier<World> worlds, List<SampleCall> samples) {
    this.worlds = worlds;
    this.samples = samples;
    this.world = worlds.get();
  }

  /**
   * Tries a module.
   *
   * @param samples a call of each operation, and as many more of it as there are ways to name its
   *     resources
   * @param spellings how many spellings of each call are tried
   * @return what violates the law, empty if nothing does
   */
  public static List<String> violations(
      Supplier<World> worlds, String samples, int spellings, long seed) {
    List<SampleCall> calls =
        samples.lines().filter(line -> !line.isBlank()).map(SampleCall::parse).toList();
    ResourceLaw law = new ResourceLaw(worlds, calls);
    law.everyOperationHasASample();
    for (SampleCall call : calls) {
      law.succeeds(call);
      for (int i = 0; i < call.names(); i++) {
        law.asksForTheVictim(call, i);
      }
      Random random = new Random(seed);
      for (int i = 0; call.names() > 0 && i < spellings; i++) {
        law.keeps(call, random);
      }
    }
    return List.copyOf(law.violations);
  }

  private void everyOperationHasASample() {
    Set<String> names = new TreeSet<>();
    world.operations().forEach(operation -> names.add(operation.name()));
    samples.forEach(sample -> names.remove(sample.operation()));
    names.forEach(name -> violations.add(name + " has no sample call: add one"));
  }

  private ApiOperation operation(SampleCall sample) {
    return world.operations().stream()
        .filter(operation -> operation.name().equals(sample.operation()))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no operation " + sample.operation()));
  }

  private Names names(String name) {
    Names names = world.names().get(name);
    if (names == null) {
      throw new IllegalArgumentException("the world has no names for ${" + name + "}");
    }
    return names;
  }

  /** A sample that fails would show nothing. */
  private void succeeds(SampleCall sample) {
    world = worlds.get();
    ApiRequest request =
        sample.request(world.caller(), (index, name) -> names(name).mine(), bent -> bent);
    try {
      answer(operation(sample), request);
    } catch (ServiceException e) {
      violations.add(sample + " does not succeed: " + e.getMessage());
    }
    world = worlds.get();
  }

  private void asksForTheVictim(SampleCall sample, int victim) {
    List<String> wanted = new ArrayList<>();
    ApiRequest request =
        sample.request(
            world.caller(),
            (index, name) -> {
              if (index == victim && names(name).asked()) {
                wanted.add(names(name).victimArn());
              }
              return index == victim ? names(name).victim() : names(name).mine();
            },
            bent -> bent);
    try {
      List<String> asked = operation(sample).resources().apply(request);
      if (!asked.containsAll(wanted)) {
        violations.add(sample + " asks for " + asked + ", not for " + wanted);
      }
    } catch (ServiceException e) {
      // Two names of one resource that differ are refused, which is as good.
      if (sample.names() < 2) {
        violations.add(sample + " cannot be asked for: " + e.getMessage());
      }
    }
  }

  private void keeps(SampleCall sample, Random random) {
    boolean bends = random.nextInt(8) == 0;
    UnaryOperator<String> bent =
        text ->
            bends
                ? text.replace(
                    "arn:aws:", Spellings.ARN_PARTS.get(random.nextInt(Spellings.ARN_PARTS.size())))
                : text;
    ApiRequest request =
        sample.request(
            world.caller(),
            (index, name) -> {
              Names names = names(name);
              return !names.asked() || random.nextInt(3) == 0
                  ? names.mine()
                  : Spellings.of(names.victim(), names.mine(), random);
            },
            bent);
    Map<String, String> before = world.store().rows();
    String answer;
    try {
      ApiOperation operation = operation(sample);
      Set<String> asked = new HashSet<>(operation.resources().apply(request));
      if (world.names().values().stream().anyMatch(names -> asked.contains(names.victimArn()))) {
        return; // denied
      }
      answer = answer(operation, request);
    } catch (ServiceException e) {
      return; // refused
    }
    Map<String, String> after = world.store().rows();
    touched(before, after, answer)
        .forEach(
            what ->
                violations.add(
                    "%s of path %s query %s headers %s body %s: %s"
                        .formatted(
                            sample.operation(),
                            request.pathParameters(),
                            request.query(),
                            request.headers(),
                            new String(request.body(), StandardCharsets.UTF_8),
                            what)));
    if (!before.equals(after)) {
      world = worlds.get();
    }
  }

  private List<String> touched(
      Map<String, String> before, Map<String, String> after, String answer) {
    Map<String, String> changed = changed(before, after);
    List<String> touched = new ArrayList<>();
    for (Names names : world.names().values()) {
      if (!names.asked()) {
        continue;
      }
      // As a word: a name that only contains the victim's is another resource.
      Pattern victim =
          Pattern.compile(
              "(?<![\\w:+=,.@%* -])" + Pattern.quote(names.victim()) + "(?![\\w:+=,.@%* -])");
      changed.forEach(
          (key, value) -> {
            if (victim.matcher(key).find() || victim.matcher(value).find()) {
              touched.add("changed the row " + key.replace('\0', ' ') + " of " + names.victim());
            }
          });
    }
    for (String secret : world.secrets()) {
      if (answer.contains(secret)) {
        touched.add("told " + secret);
      }
      changed.forEach(
          (key, value) -> {
            if (value.contains(secret)) {
              touched.add("changed the row " + key.replace('\0', ' ') + " with " + secret);
            }
          });
    }
    return touched;
  }

  /** The rows that differ, each with what it was and what it is. */
  private static Map<String, String> changed(
      Map<String, String> before, Map<String, String> after) {
    Map<String, String> changed = new TreeMap<>();
    Set<String> keys = new TreeSet<>(before.keySet());
    keys.addAll(after.keySet());
    for (String key : keys) {
      String was = before.getOrDefault(key, "");
      String is = after.getOrDefault(key, "");
      if (!was.equals(is)) {
        changed.put(key, was + "\n" + is);
      }
    }
    return changed;
  }

  private static String answer(ApiOperation operation, ApiRequest request) {
    try {
      ApiResponse response = operation.handler().handle(request).toCompletableFuture().join();
      return new String(response.body(), StandardCharsets.UTF_8);
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }
}
