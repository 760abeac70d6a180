package dev.gatehouse.json;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The opaque text by which a list is continued: the key that the next page begins with. */
public final class Marker {
  private Marker() {}

  /** Base64, as the API models ask for. */
  public static String encode(String key) {
    return Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The key again; empty for an empty text.
   *
   * @throws ServiceException INVALID_REQUEST if it is not one of ours
   */
  public static String decode(String parameter, String marker) {
    String key;
    try {
      key = new String(Base64.getDecoder().decode(marker), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw refused(parameter, marker);
    }
    if (!encode(key).equals(marker)) {
      throw refused(parameter, marker);
    }
    return key;
  }

  private static ServiceException refused(String parameter, String marker) {
    return new ServiceException(
        ErrorCode.INVALID_REQUEST, parameter + " '" + marker + "' was not given by a list");
  }
}
