package dev.gatehouse.shell;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiModule;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.json.Json;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Makes the calls that AWS clients make, from the inside: the same checks, the same errors. */
final class Calls {
  private static final long SECONDS = 30;

  private final Account account;
  private final List<ApiModule> modules;

  Calls(Account account, List<ApiModule> modules) {
    this.account = account;
    this.modules = modules;
  }

  /** A call being put together. */
  final class Call {
    private final String operation;
    private final Map<String, String> path = new HashMap<>();
    private final Map<String, String> query = new HashMap<>();
    private ObjectNode body = Json.object();

    private Call(String operation) {
      this.operation = operation;
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
      try {
        ApiResponse response =
            find(operation)
                .handler()
                .handle(request)
                .toCompletableFuture()
                .get(SECONDS, TimeUnit.SECONDS);
        return Json.body(response.body()).tree();
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
  }

  Call call(String operation) {
    return new Call(operation);
  }

  private ApiOperation find(String name) {
    return modules.stream()
        .flatMap(module -> module.operations().stream())
        .filter(operation -> operation.service() == ApiOperation.Service.IOT)
        .filter(operation -> operation.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new ServiceException(
                    ErrorCode.NOT_IMPLEMENTED,
                    "nobody serves " + name + " at the moment; is its bundle active?"));
  }

  private static IllegalStateException refused(ServiceException error) {
    return new IllegalStateException(error.code().awsName() + ": " + error.getMessage(), error);
  }
}
