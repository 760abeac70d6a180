package dev.gatehouse.json;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * The tokens by which one list is continued: opaque texts that hold the key that the next page
 * begins with. A token is good for the operation and the filters that gave it, and for no other
 * list: the key of a thing would begin a list of policies somewhere in the middle.
 */
public final class Marker {
  /** Parameters that may differ from page to page. */
  private static final Set<String> PAGING =
      Set.of("nextToken", "maxResults", "marker", "pageSize", "Marker", "MaxItems");

  private final String list; // eight hex digits that stand for operation and filters

  private Marker(String described) {
    CRC32C sum = new CRC32C();
    sum.update(described.getBytes(StandardCharsets.UTF_8));
    list = "%08x".formatted(sum.getValue());
  }

  /**
   * The tokens of a list that a request asks for.
   *
   * @param name of the operation, or of what it lists if path and query tell the rest
   * @param request its account, path, query and {@code x-amzn-} headers are the filters
   */
  public static Marker of(String name, ApiRequest request) {
    StringBuilder described = new StringBuilder(name).append('\n').append(request.account());
    append(described, request.pathParameters());
    Map<String, String> filters = new TreeMap<>(request.query());
    filters.keySet().removeIf(key -> PAGING.contains(key) || key.startsWith("X-Amz-"));
    append(described, filters);
    Map<String, String> headers = new TreeMap<>(request.headers());
    headers.keySet().removeIf(key -> !key.startsWith("x-amzn-") || key.equals("x-amzn-trace-id"));
    append(described, headers);
    return new Marker(described.toString());
  }

  /** The tokens of a list whose filters are in the request's body. */
  public static Marker of(String name, String filters) {
    return new Marker(name + '\n' + filters);
  }

  private static void append(StringBuilder described, Map<String, String> values) {
    described.append('\n');
    new TreeMap<>(values)
        .forEach((key, value) -> described.append(key).append('\0').append(value).append('\0'));
  }

  /** The token of a page; base64, as the API models ask for. */
  public String encode(String key) {
    return Base64.getEncoder().encodeToString((list + key).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The key again; empty for an empty text. Both alphabets of base64 are taken (RFC 4648 sections 4
   * and 5), with or without padding.
   *
   * @param parameter the token's name, for the message
   * @throws ServiceException INVALID_REQUEST if this list did not give the token
   */
  public String decode(String parameter, String token) {
    if (token.isEmpty()) {
      return "";
    }
    String standard = token.replace('-', '+').replace('_', '/').replaceAll("=+$", "");
    String text;
    try {
      text = new String(Base64.getDecoder().decode(standard), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw refused(parameter, token);
    }
    boolean ours = text.startsWith(list);
    if (!ours || !encode(text.substring(list.length())).replace("=", "").equals(standard)) {
      throw refused(parameter, token);
    }
    return text.substring(list.length());
  }

  private static ServiceException refused(String parameter, String token) {
    return new ServiceException(
        ErrorCode.INVALID_REQUEST,
        parameter
            + " '"
            + token
            + "' was not given by this list; repeat the operation and filters of the page before");
  }
}
