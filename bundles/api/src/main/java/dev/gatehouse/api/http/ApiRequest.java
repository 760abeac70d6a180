package dev.gatehouse.api.http;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Principal;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One call, already authenticated.
 *
 * @param account whose resources it is about
 * @param pathParameters decoded, by the names in the template
 * @param query decoded; of a repeated name the last value
 * @param headers by lower-case name
 * @param body at most as large as the edge lets in; not to be modified
 * @param sourceIp textual address of the peer
 * @param requestId answered in {@code x-amzn-RequestId}
 * @param conditionKeys what policies can ask of the call, such as {@code aws:SourceIp}, by name
 */
public record ApiRequest(
    Account account,
    Principal principal,
    Map<String, String> pathParameters,
    Map<String, String> query,
    Map<String, String> headers,
    byte[] body,
    String sourceIp,
    String requestId,
    Instant time,
    Map<String, String> conditionKeys) {

  /** Copies the maps. */
  public ApiRequest {
    pathParameters = Map.copyOf(pathParameters);
    query = Map.copyOf(query);
    headers = Map.copyOf(headers);
    conditionKeys = Map.copyOf(conditionKeys);
  }

  /** A call of which only the address is known to policies. */
  public ApiRequest(
      Account account,
      Principal principal,
      Map<String, String> pathParameters,
      Map<String, String> query,
      Map<String, String> headers,
      byte[] body,
      String sourceIp,
      String requestId,
      Instant time) {
    this(
        account,
        principal,
        pathParameters,
        query,
        headers,
        body,
        sourceIp,
        requestId,
        time,
        Map.of("aws:SourceIp", sourceIp));
  }

  /**
   * A path parameter.
   *
   * @throws IllegalArgumentException if the template has no such name, which is a mistake of ours
   */
  public String path(String name) {
    String value = pathParameters.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no path parameter " + name);
    }
    return value;
  }

  /** A query parameter, if sent. */
  public Optional<String> query(String name) {
    return Optional.ofNullable(query.get(name));
  }

  /** A header, if sent. */
  public Optional<String> header(String lowerCaseName) {
    return Optional.ofNullable(headers.get(lowerCaseName));
  }

  /**
   * A boolean query parameter, false if absent.
   *
   * @throws ServiceException INVALID_REQUEST if it is neither true nor false
   */
  public boolean flag(String name) {
    String value = query.getOrDefault(name, "false");
    if (value.equalsIgnoreCase("true")) {
      return true;
    }
    if (value.equalsIgnoreCase("false")) {
      return false;
    }
    throw new ServiceException(
        ErrorCode.INVALID_REQUEST, name + " must be true or false, not '" + value + "'");
  }

  /**
   * A page size from the query.
   *
   * @throws ServiceException INVALID_REQUEST unless absent or 1 to 250
   */
  public int pageSize(String name, int defaultSize) {
    String value = query.get(name);
    if (value == null) {
      return defaultSize;
    }
    try {
      int size = Integer.parseInt(value);
      if (size >= 1 && size <= 250) {
        return size;
      }
    } catch (NumberFormatException e) {
      throw pageSizeError(name, value);
    }
    throw pageSizeError(name, value);
  }

  private static ServiceException pageSizeError(String name, String value) {
    return new ServiceException(
        ErrorCode.INVALID_REQUEST, name + " must be 1 to 250, not '" + value + "'");
  }
}
