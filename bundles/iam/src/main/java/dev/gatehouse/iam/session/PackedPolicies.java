package dev.gatehouse.iam.session;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.iam.service.IamErrors;
import dev.gatehouse.json.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/** Session policies as a token holds them: compressed, for tokens travel in headers and URLs. */
public final class PackedPolicies {
  private static final int MAX_BYTES = 1800;

  private PackedPolicies() {}

  /**
   * Packs.
   *
   * @throws ServiceException PACKED_POLICY_TOO_LARGE
   */
  static byte[] pack(List<String> policies) {
    byte[] packed = compressed(policies);
    if (packed.length > MAX_BYTES) {
      throw new ServiceException(
          IamErrors.PACKED_POLICY_TOO_LARGE,
          "Packed policy consumes %d%% of allotted space, please use smaller policy."
              .formatted(percent(packed)));
    }
    return packed;
  }

  /** How much of the room that there is policies take, rounded up. */
  public static int percent(List<String> policies) {
    return percent(compressed(policies));
  }

  private static int percent(byte[] packed) {
    return (packed.length * 100 + MAX_BYTES - 1) / MAX_BYTES;
  }

  private static byte[] compressed(List<String> policies) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    policies.forEach(list::add);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(packed)) {
      out.write(Json.bytes(list));
    } catch (IOException e) {
      throw new IllegalStateException("a buffer cannot be written", e);
    }
    return packed.toByteArray();
  }

  /** What was packed here. */
  static List<String> unpack(byte[] packed) {
    List<String> policies = new ArrayList<>();
    try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(packed))) {
      for (JsonNode policy : Json.parse(in.readAllBytes())) {
        policies.add(policy.asText());
      }
      return policies;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a list", e);
    } catch (IOException e) {
      throw new IllegalArgumentException("not compressed", e);
    }
  }
}
