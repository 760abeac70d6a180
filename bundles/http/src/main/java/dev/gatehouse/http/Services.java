package dev.gatehouse.http;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiModule;
import dev.gatehouse.api.http.AwsService;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The services that modules have declared. A service stays known when its module has gone, so that
 * its calls are refused in its own protocol. Immutable.
 */
final class Services {
  static final Services NONE = new Services(Map.of());

  private final Map<String, AwsService> byId;
  private final Map<String, AwsService> bySigningName = new LinkedHashMap<>();
  private final Map<String, AwsService> byTarget = new LinkedHashMap<>();

  private Services(Map<String, AwsService> byId) {
    this.byId = byId;
    for (AwsService service : byId.values()) {
      service.signingNames().forEach(name -> bySigningName.putIfAbsent(name, service));
      if (!service.wire().targetPrefix().isEmpty()) {
        byTarget.putIfAbsent(service.wire().targetPrefix(), service);
      }
    }
  }

  /** These services and those of a module, whose declaration takes the place of an older one. */
  Services with(ApiModule module) {
    Map<String, AwsService> all = new LinkedHashMap<>(byId);
    module.services().forEach(service -> all.put(service.id(), service));
    return new Services(all);
  }

  /** All services. */
  Collection<AwsService> all() {
    return byId.values();
  }

  /** The service of a credential scope; null if no module has declared it. */
  @Nullable AwsService signedFor(String signingName) {
    return bySigningName.get(signingName);
  }

  /**
   * The service of a credential scope.
   *
   * @throws ServiceException NOT_IMPLEMENTED if no module has declared it
   */
  AwsService require(String signingName) {
    AwsService service = signedFor(signingName);
    if (service == null) {
      throw notServed(signingName);
    }
    return service;
  }

  static ServiceException notServed(String name) {
    return new ServiceException(
        ErrorCode.NOT_IMPLEMENTED,
        "the service "
            + name
            + " is not served by this gateway at the moment; is its bundle installed and active?");
  }

  /** The service of the part of {@code X-Amz-Target} before the dot; null if there is none. */
  @Nullable AwsService ofTarget(String prefix) {
    return byTarget.get(prefix);
  }

  /** Whether calls must be signed for the gateway's region. */
  boolean regional(String signingName) {
    AwsService service = signedFor(signingName);
    return service == null || service.regional();
  }
}
