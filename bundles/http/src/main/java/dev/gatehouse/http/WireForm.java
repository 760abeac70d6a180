package dev.gatehouse.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.http.AwsProtocol;
import dev.gatehouse.api.http.AwsService;
import dev.gatehouse.http.sigv4.QueryString;
import dev.gatehouse.json.Json;
import dev.gatehouse.json.JsonSize;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How the calls of a protocol look: where they name the operation, how they are answered. */
enum WireForm {
  REST(AwsProtocol.REST_JSON) {
    @Override
    Router.Match find(Router router, AwsService service, Call call) {
      return router.find(service, call.request().method(), call.request().rawPath());
    }

    @Override
    ApiResponse answer(Router.Match match, ApiResponse answer, String requestId) {
      return answer;
    }

    @Override
    ApiResponse error(ServiceException error, AwsService service, String requestId) {
      ObjectNode body = Json.object().put("message", error.getMessage());
      error.members().forEach(body::put);
      return new ApiResponse(
          error.code().httpStatus(),
          Map.of("content-type", "application/json", "x-amzn-ErrorType", error.code().awsName()),
          Json.bytes(body));
    }
  },
  QUERY(AwsProtocol.QUERY) {
    @Override
    Router.Match find(Router router, AwsService service, Call call) {
      String action = parameters(call).get("Action");
      if (action == null) {
        throw new ServiceException(ErrorCode.INVALID_REQUEST, "the parameter Action is missing");
      }
      return router.named(service, action);
    }

    @Override
    Map<String, String> parameters(Call call) {
      Map<String, String> all = super.parameters(call);
      String form = new String(call.request().body(), StandardCharsets.ISO_8859_1);
      if (!form.chars().allMatch(c -> c < 0x7f)) {
        throw new ServiceException(
            ErrorCode.INVALID_REQUEST, "the form has a byte beyond ASCII; percent-encode it");
      }
      if (form.chars().filter(c -> c == '&').count() >= FORM_FIELDS) {
        throw new ServiceException(
            ErrorCode.INVALID_REQUEST, "the form has more than " + FORM_FIELDS + " fields");
      }
      QueryString.parse(form).forEach(field -> all.put(field.name(), field.value()));
      return all;
    }

    @Override
    long parsedBytes(byte[] body) {
      return 3L * body.length; // the fields' number is bounded
    }

    @Override
    ApiResponse answer(Router.Match match, ApiResponse answer, String requestId) {
      return QueryXml.answer(match.operation(), answer, requestId);
    }

    @Override
    ApiResponse error(ServiceException error, AwsService service, String requestId) {
      return QueryXml.error(error, service, requestId);
    }
  },
  TARGET(AwsProtocol.JSON_1_1) {
    @Override
    Router.Match find(Router router, AwsService service, Call call) {
      String target = target(call);
      return router.named(service, target.substring(target.lastIndexOf('.') + 1));
    }

    @Override
    ApiResponse answer(Router.Match match, ApiResponse answer, String requestId) {
      return new ApiResponse(answer.status(), Map.of("content-type", JSON_1_1), answer.body());
    }

    @Override
    ApiResponse error(ServiceException error, AwsService service, String requestId) {
      String name =
          DENIED.contains(error.code()) ? "AccessDeniedException" : error.code().awsName();
      ObjectNode body = Json.object().put("__type", name).put("message", error.getMessage());
      int status = error.code().httpStatus();
      return new ApiResponse(
          status >= 500 || status == 413 ? status : 400,
          Map.of("content-type", JSON_1_1, "x-amzn-ErrorType", name),
          Json.bytes(body));
    }
  };

  /** Each field costs some 250 bytes of heap, whatever is in it. */
  private static final int FORM_FIELDS = 1000;

  private static final String JSON_1_1 = "application/x-amz-json-1.1";
  private static final Set<ErrorCode> DENIED =
      Set.of(ErrorCode.UNAUTHORIZED, ErrorCode.FORBIDDEN, ErrorCode.ACCESS_DENIED);

  private final AwsProtocol protocol;

  WireForm(AwsProtocol protocol) {
    this.protocol = protocol;
  }

  /** The form that a call has by its looks, before anything is verified. */
  static WireForm of(Call call) {
    if (!target(call).isEmpty()) {
      return TARGET;
    }
    List<String> types = call.request().headers().getOrDefault("content-type", List.of());
    boolean form = !types.isEmpty() && types.get(0).startsWith("application/x-www-form-urlencoded");
    boolean action = ("&" + call.request().rawQuery()).contains("&Action=");
    return call.request().rawPath().equals("/") && (form || action) ? QUERY : REST;
  }

  /** The form of a service's calls. */
  static WireForm of(AwsService service) {
    for (WireForm form : values()) {
      if (form.protocol == service.protocols().get(0)) {
        return form;
      }
    }
    throw new IllegalStateException("no form of " + service);
  }

  /** The operation of a call that is not signed, if strangers may call it; else null. */
  static Router.@Nullable Match open(Modules modules, Call call) {
    String target = target(call);
    int dot = target.indexOf('.');
    AwsService service = dot < 0 ? null : modules.services().ofTarget(target.substring(0, dot));
    Router router = modules.router();
    if (service == null) {
      return router.open(call.request().method(), call.request().rawPath());
    }
    Router.Match match = TARGET.find(router, service, call);
    return match.operation().open() ? match : null;
  }

  private static String target(Call call) {
    List<String> targets = call.request().headers().getOrDefault("x-amz-target", List.of());
    return targets.isEmpty() ? "" : targets.get(0);
  }

  /**
   * The operation of a call.
   *
   * @throws ServiceException if it is not served
   */
  abstract Router.Match find(Router router, AwsService service, Call call);

  /** The call's parameters, decoded; of a repeated name the last value. */
  Map<String, String> parameters(Call call) {
    Map<String, String> all = new HashMap<>();
    QueryString.parse(call.request().rawQuery()).forEach(p -> all.put(p.name(), p.value()));
    return all;
  }

  /** An upper bound of the heap that handlers make of a body. */
  long parsedBytes(byte[] body) {
    return JsonSize.treeBytes(body);
  }

  abstract ApiResponse answer(Router.Match match, ApiResponse answer, String requestId);

  abstract ApiResponse error(ServiceException error, AwsService service, String requestId);
}
