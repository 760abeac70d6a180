package dev.gatehouse.http;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiModule;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.AwsProtocol;
import dev.gatehouse.api.http.AwsService;
import dev.gatehouse.http.protocol.OperationTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the operation of a request. Immutable: each change of modules makes a new one. */
final class Router implements OperationTable<Router.Match> {
  private static final Logger LOG = LoggerFactory.getLogger(Router.class);

  private final List<Route> routes;
  private final Map<String, Route> named = new HashMap<>(); // by service and operation
  private final List<String> clashes;
  private final boolean hasBodyLimits;

  private record Route(
      PathTemplate template, QueryKeys keys, ApiOperation operation, ApiModule module) {}

  /** A match. */
  record Match(ApiOperation operation, ApiModule module, Map<String, String> parameters) {}

  Router(List<ApiModule> modules) {
    this.clashes = new ArrayList<>();
    Map<String, Route> byShape = new HashMap<>();
    for (ApiModule module : modules) {
      for (ApiOperation operation : module.operations()) {
        Route route =
            new Route(
                PathTemplate.of(operation.path()),
                QueryKeys.of(operation.path()),
                operation,
                module);
        Route first = put(byShape, route);
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
            .sorted(
                Comparator.comparing((Route route) -> -route.template().literals())
                    .thenComparing(route -> -route.keys().size()))
            .toList();
    this.hasBodyLimits =
        Stream.concat(routes.stream(), named.values().stream())
            .anyMatch(route -> route.operation().traits().bodyLimit().isPresent());
    clashes.forEach(clash -> LOG.error("event=operation-clash {}", clash));
  }

  /** Adds a route; returns the one that has its place already, or null. */
  private @Nullable Route put(Map<String, Route> byShape, Route route) {
    AwsService service = route.operation().service();
    boolean isRest = service.speaks(AwsProtocol.REST_JSON) || service.speaks(AwsProtocol.REST_XML);
    Route first = null;
    if (isRest) {
      String shape =
          String.join(
              " ",
              service.id(),
              route.operation().method(),
              route.template().shape(),
              route.keys().toString());
      first = byShape.putIfAbsent(shape, route);
    }
    if (!isRest || service.protocols().size() > 1) {
      Route other = named.putIfAbsent(service.id() + " " + route.operation().name(), route);
      first = first == null ? other : first;
    }
    return first;
  }

  private boolean serves(AwsService service) {
    return routes.stream().anyMatch(route -> route.operation().service().equals(service));
  }

  /** Whether any operation has a body limit of its own. */
  boolean hasBodyLimits() {
    return hasBodyLimits;
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
  @Override
  public Match byPath(AwsService service, String method, String rawPath, String rawQuery) {
    List<String> segments = List.of(rawPath.substring(1).split("/", -1));
    Match found =
        first(
            segments,
            rawQuery,
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
                serves(service)
                    ? new ServiceException(
                        ErrorCode.RESOURCE_NOT_FOUND,
                        "there is no operation " + method + " " + rawPath)
                    : Services.notServed(service.id()));
  }

  /** The operation that strangers may call by a path; null if there is none. */
  @Nullable Match open(String method, String rawPath) {
    List<String> segments = List.of(rawPath.substring(1).split("/", -1));
    return first(segments, "", operation -> operation.open() && operation.method().equals(method));
  }

  /** The operation that strangers may call by its name alone; null if there is none. */
  @Nullable Match openNamed(String name) {
    return named.values().stream()
        .filter(route -> route.operation().open() && route.operation().name().equals(name))
        .filter(route -> route.operation().service().speaks(AwsProtocol.QUERY))
        .map(route -> new Match(route.operation(), route.module(), Map.of()))
        .findFirst()
        .orElse(null);
  }

  private @Nullable Match first(
      List<String> segments, String rawQuery, Predicate<ApiOperation> wanted) {
    for (Route route : routes) {
      if (wanted.test(route.operation()) && route.keys().match(rawQuery)) {
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
  @Override
  public Match byName(AwsService service, String operation) {
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
