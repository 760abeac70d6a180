package dev.gatehouse.iam.directory;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The policies that AWS keeps for everybody: the templates of the guide (IAM IoT Policies) and
 * AdministratorAccess. Read when the first of them is asked for.
 */
public final class AwsPolicies {
  private static final String PREFIX = "arn:aws:iam::aws:policy";

  private AwsPolicies() {}

  private static final class Loaded {
    static final Map<String, ManagedPolicy> BY_ARN = load();
  }

  /** Whether an ARN is of one that AWS would keep. */
  public static boolean owns(String arn) {
    return arn.startsWith(PREFIX + "/");
  }

  /** The ARN of one. */
  public static String arn(ManagedPolicy policy) {
    return PREFIX + policy.path() + policy.name();
  }

  static Optional<ManagedPolicy> find(String arn) {
    return owns(arn) ? Optional.ofNullable(Loaded.BY_ARN.get(arn)) : Optional.empty();
  }

  /** All. */
  public static List<ManagedPolicy> all() {
    return new ArrayList<>(Loaded.BY_ARN.values());
  }

  private static Map<String, ManagedPolicy> load() {
    Map<String, ManagedPolicy> all = new LinkedHashMap<>();
    try (InputStream in =
        Objects.requireNonNull(AwsPolicies.class.getResourceAsStream("aws-policies.json"))) {
      for (Map.Entry<String, JsonNode> entry : Json.parse(in.readAllBytes()).properties()) {
        int slash = entry.getKey().lastIndexOf('/') + 1;
        String name = entry.getKey().substring(slash);
        String document = Json.text(entry.getValue().path("document"));
        ManagedPolicy policy =
            new ManagedPolicy(
                name,
                entry.getKey().substring(0, slash),
                "ANPA" + name.toUpperCase(java.util.Locale.ROOT),
                0,
                entry.getValue().path("description").asText(),
                1,
                2,
                List.of(new ManagedPolicy.Version(1, document, 0)),
                Tags.NONE);
        all.put(arn(policy), policy);
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("aws-policies.json is malformed", e);
    } catch (IOException e) {
      throw new UncheckedIOException("aws-policies.json cannot be read", e);
    }
    return Collections.unmodifiableMap(all);
  }
}
