package dev.gatehouse.http;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiModule;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.AwsProtocol;
import dev.gatehouse.api.http.AwsService;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the operation of a request. Immutable: each change of modules makes a new one. */
final class Router {
  private static final Logger LOG = LoggerFactory.getLogger(Router.class);

  private final List<Route> routes;
  private final Map<String, Route> named = new HashMap<>(); // by service and operation
  private final List<String> clashes;

  private record Route(PathTemplate template, ApiOperation operation, ApiModule module) {}

  /** A match. */
  record Match(ApiOperation operation, ApiModule module, Map<String, String> parameters) {}

  Router(List<ApiModule> modules) {
    this.clashes = new ArrayList<>();
    Map<String, Route> byShape = new HashMap<>();
    for (ApiModule module : modules) {
      for (ApiOperation operation : module.operations()) {
        Route route = new Route(PathTemplate.of(operation.path()), operation, module);
        boolean byPath = operation.service().speaks(AwsProtocol.REST_JSON);
        Route first =
            byPath
                ? byShape.putIfAbsent(
                    operation.service().id()
                        + " "
                        + operation.method()
                        + " "
                        + route.template().shape(),
                    route)
                : named.putIfAbsent(operation.service().id() + " " + operation.name(), route);
        if (first != null) {
          clashes.add(
              "%s of %s is hidden by %s of %s"
                  .formatted(
                      operation.name(),
                      module.name(),
                      first.operation().name(),
                      first.module().name()));
        }
      }
    }
    this.routes =
        byShape.values().stream()
            .sorted(Comparator.comparing((Route route) -> -route.template().literals()))
            .toList();
    clashes.forEach(clash -> LOG.error("event=operation-clash {}", clash));
  }

  /** Operations that cannot be reached. */
  List<String> clashes() {
    return List.copyOf(clashes);
  }

  /**
   * The operation of a service for a request.
   *
   * @throws ServiceException if there is none: 501 for one that AWS has, else 404
   */
  Match find(AwsService service, String method, String rawPath) {
    List<String> segments = List.of(rawPath.substring(1).split("/", -1));
    Match found =
        first(
            segments,
            operation -> operation.service().equals(service) && operation.method().equals(method));
    if (found != null) {
      return found;
    }
    throw AwsOperations.find(service.id(), method, segments)
        .map(
            name ->
                new ServiceException(
                    ErrorCode.NOT_IMPLEMENTED,
                    "the operation "
                        + name
                        + " is not served by this gateway at the moment; is its bundle installed"
                        + " and active?"))
        .orElseGet(
            () ->
                new ServiceException(
                    ErrorCode.RESOURCE_NOT_FOUND,
                    "there is no operation " + method + " " + rawPath));
  }

  /** The operation that strangers may call by a path; null if there is none. */
  @Nullable Match open(String method, String rawPath) {
    List<String> segments = List.of(rawPath.substring(1).split("/", -1));
    return first(segments, operation -> operation.open() && operation.method().equals(method));
  }

  private @Nullable Match first(List<String> segments, Predicate<ApiOperation> wanted) {
    for (Route route : routes) {
      if (wanted.test(route.operation())) {
        Map<String, String> parameters = route.template().match(segments);
        if (parameters != null) {
          return new Match(route.operation(), route.module(), parameters);
        }
      }
    }
    return null;
  }

  /**
   * The operation of a service whose calls name it.
   *
   * @throws ServiceException NOT_IMPLEMENTED if there is none
   */
  Match named(AwsService service, String operation) {
    Route route = named.get(service.id() + " " + operation);
    if (route == null) {
      throw new ServiceException(
          ErrorCode.NOT_IMPLEMENTED,
          "the operation "
              + operation
              + " is not served by this gateway at the moment; is its bundle installed and"
              + " active?");
    }
    return new Match(route.operation(), route.module(), Map.of());
  }
}
