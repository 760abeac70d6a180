package dev.gatehouse.shell;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.audit.AuditEvent;
import dev.gatehouse.api.audit.AuditTrail;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiModule;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.http.CallTraits;
import dev.gatehouse.api.http.IotServices;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.json.Json;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes the calls that AWS clients make, from the inside: the same checks, the same errors. */
final class Calls {
  private static final long SECONDS = 30;

  private final Account account;
  private final List<ApiModule> modules;
  private final AuditTrail trail;

  Calls(Account account, List<ApiModule> modules) {
    this(account, modules, event -> {});
  }

  /** Calls that leave records. */
  Calls(Account account, List<ApiModule> modules, AuditTrail trail) {
    this.account = account;
    this.modules = modules;
    this.trail = trail;
  }

  /** A call being put together. */
  final class Call {
    private final String operation;
    private final Map<String, String> path = new HashMap<>();
    private final Map<String, String> query = new HashMap<>();
    private ObjectNode body = Json.object();

    private @Nullable String service; // null: whichever has the operation

    private Call(String operation) {
      this.operation = operation;
    }

    /** Of one service by its id, where several have an operation of that name. */
    Call of(String serviceId) {
      service = serviceId;
      return this;
    }

    Call path(String name, String value) {
      path.put(name, value);
      return this;
    }

    /** A query parameter; an empty one is not sent. */
    Call query(String name, String value) {
      if (!value.isEmpty()) {
        query.put(name, value);
      }
      return this;
    }

    Call body(ObjectNode members) {
      body = members;
      return this;
    }

    /**
     * The answer.
     *
     * @throws IllegalStateException with the AWS error and its message if the call is refused
     */
    ObjectNode answer() {
      ApiOperation found;
      try {
        found = find(operation, service);
      } catch (ServiceException e) {
        throw refused(e);
      }
      try {
        ObjectNode answer = handled(found);
        record(found, null);
        return answer;
      } catch (IllegalStateException e) {
        record(found, e);
        throw e;
      }
    }

    private void record(ApiOperation found, @Nullable IllegalStateException failure) {
      if (found.traits().event() == CallTraits.Event.DATA) {
        return;
      }
      ObjectNode parameters = Json.object();
      parameters.setAll(body);
      path.forEach(parameters::put);
      query.forEach(parameters::put);
      Calls.this.record(
          found.service().eventSource(),
          found.name(),
          found.traits().readOnly(),
          parameters,
          failure);
    }

    private ObjectNode handled(ApiOperation found) {
      ApiRequest request =
          new ApiRequest(
              account,
              new Principal.Component(account, "console"),
              path,
              query,
              Map.of(),
              Json.bytes(body),
              "127.0.0.1",
              UUID.randomUUID().toString(),
              Instant.now());
      ApiResponse response = await(operation, () -> found.handler().handle(request));
      return Json.body(response.body()).tree();
    }
  }

  private static <T> T await(String operation, Supplier<CompletionStage<T>> work) {
    try {
      return work.get().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
    } catch (ServiceException e) {
      throw refused(e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof ServiceException told
          ? refused(told)
          : new IllegalStateException(operation + " failed: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(operation + " was interrupted", e);
    } catch (TimeoutException e) {
      throw new IllegalStateException(operation + " took longer than " + SECONDS + " s", e);
    }
  }

  /**
   * Does what no operation does, and leaves the same kind of record.
   *
   * @param source such as {@code organizations.amazonaws.com}
   * @throws IllegalStateException with the AWS error and its message if it is refused
   */
  <T> T recorded(
      String source, String event, ObjectNode parameters, Supplier<CompletionStage<T>> work) {
    try {
      T result = await(event, work);
      record(source, event, false, parameters, null);
      return result;
    } catch (IllegalStateException e) {
      record(source, event, false, parameters, e);
      throw e;
    }
  }

  private void record(
      String source,
      String event,
      boolean readOnly,
      ObjectNode parameters,
      @Nullable IllegalStateException failure) {
    trail.record(
        new AuditEvent(
            source,
            event,
            readOnly,
            new Principal.Component(account, "console"),
            null,
            null,
            Instant.now(),
            UUID.randomUUID().toString(),
            Json.bytes(parameters),
            "console",
            "gatehouse-console",
            failure == null ? null : code(failure),
            failure == null ? null : failure.getMessage()));
  }

  Call call(String operation) {
    return new Call(operation);
  }

  private ApiOperation find(String name, @Nullable String service) {
    return modules.stream()
        .flatMap(module -> module.operations().stream())
        .filter(operation -> operation.name().equals(name))
        .filter(operation -> service == null || operation.service().id().equals(service))
        .min(
            Comparator.comparing( // AWS IoT's, where it has one
                operation -> !operation.service().equals(IotServices.IOT)))
        .orElseThrow(
            () ->
                new ServiceException(
                    ErrorCode.NOT_IMPLEMENTED,
                    "nobody serves " + name + " at the moment; is its bundle active?"));
  }

  private static String code(IllegalStateException failure) {
    return failure.getCause() instanceof ServiceException error
        ? error.code().awsName()
        : ErrorCode.INTERNAL_FAILURE.awsName();
  }

  private static IllegalStateException refused(ServiceException error) {
    return new IllegalStateException(error.code().awsName() + ": " + error.getMessage(), error);
  }
}
