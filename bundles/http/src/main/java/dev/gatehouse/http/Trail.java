package dev.gatehouse.http;

import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.http.protocol.HeapCount;
import dev.gatehouse.http.protocol.Parameters;
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
  volatile CallContext context;
  volatile @Nullable Principal principal;
  volatile @Nullable String accessKeyId;
  volatile @Nullable Instant issued; // of the session that signed
  volatile String operation = "-";
  volatile Router.@Nullable Match match;
  volatile @Nullable Parameters parameters;
  private @Nullable ApiRequest request;

  Trail(Call call, CallContext context, String requestId, long startMillis) {
    this.call = call;
    this.context = context;
    this.requestId = requestId;
    this.startMillis = startMillis;
  }

  /** The operation that is called, and its caller. */
  void of(Router.Match found, Principal caller) {
    principal = caller;
    match = found;
    operation = found.operation().name();
  }

  /** The time limit of the operation; zero if it is not known yet. */
  Duration timeout() {
    Router.Match found = match;
    return found == null ? Duration.ZERO : found.operation().traits().timeout();
  }

  /** The caller, once it is known. */
  Principal known() {
    Principal caller = principal;
    if (caller == null) {
      throw new IllegalStateException("the caller is not known yet");
    }
    return caller;
  }

  /** Reads the parameters and makes the call that handlers see, once. */
  ApiRequest request(Clock clock, HeapCount memory) {
    ApiRequest made = request;
    Router.Match found = match;
    if (made != null) {
      return made;
    }
    if (found == null) {
      throw new IllegalStateException("the operation is not known yet");
    }
    Parameters read = context.protocol().read(found.operation(), call.request(), memory);
    parameters = read;
    Map<String, String> headers = new HashMap<>();
    call.request().headers().forEach((name, values) -> headers.put(name, String.join(",", values)));
    made =
        new ApiRequest(
            known().account(),
            known(),
            found.parameters(),
            read.query(),
            headers,
            read.body(),
            call.sourceIp(),
            requestId,
            clock.instant(),
            CallKeys.of(call, known(), issued));
    request = made;
    return made;
  }
}
