package dev.gatehouse.http;

import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.AwsService;
import dev.gatehouse.api.http.IotServices;
import dev.gatehouse.api.identity.Principal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is known of a call by the time it is answered; one thread at a time. */
final class Trail {
  final Call call;
  final String requestId;
  final long startMillis;
  volatile WireForm form;
  volatile AwsService service = IotServices.IOT;
  volatile @Nullable Principal principal;
  volatile @Nullable String accessKeyId;
  volatile @Nullable Instant issued; // of the session that signed
  volatile String operation = "-";
  volatile Router.@Nullable Match match;
  private @Nullable ApiRequest request;

  Trail(Call call, String requestId, long startMillis) {
    this.call = call;
    this.requestId = requestId;
    this.startMillis = startMillis;
    this.form = WireForm.of(call);
  }

  /** What it is for, and from whom. */
  void of(Router.Match found, Principal caller) {
    principal = caller;
    match = found;
    service = found.operation().service();
    form = WireForm.of(service);
    operation = found.operation().name();
  }

  /** The time limit of the operation; zero if it is not known yet. */
  Duration timeout() {
    Router.Match found = match;
    return found == null ? Duration.ZERO : found.operation().traits().timeout();
  }

  /** Whom it is from, once that is known. */
  Principal known() {
    Principal caller = principal;
    if (caller == null) {
      throw new IllegalStateException("the caller is not known yet");
    }
    return caller;
  }

  /** The call as handlers see it. */
  ApiRequest request(Call from, Clock clock) {
    ApiRequest made = request;
    Router.Match found = match;
    if (made == null && found != null) {
      Map<String, String> headers = new HashMap<>();
      from.request()
          .headers()
          .forEach((name, values) -> headers.put(name, String.join(",", values)));
      made =
          new ApiRequest(
              known().account(),
              known(),
              found.parameters(),
              form.parameters(from),
              headers,
              from.request().body(),
              from.sourceIp(),
              requestId,
              clock.instant(),
              CallKeys.of(from, known(), issued));
      request = made;
    }
    if (made == null) {
      throw new IllegalStateException("the operation is not known yet");
    }
    return made;
  }
}
