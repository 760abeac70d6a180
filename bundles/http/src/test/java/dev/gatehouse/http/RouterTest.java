package dev.gatehouse.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiModule;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiOperation.Service;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.identity.Account;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RouterTest {
  private static ApiOperation operation(String name, Service service, String path) {
    return new ApiOperation(
        name,
        service,
        "GET",
        path,
        "iot:" + name,
        request -> "*",
        2,
        request -> CompletableFuture.completedFuture(ApiResponse.empty()));
  }

  private record Module(String name, List<ApiOperation> operations) implements ApiModule {}

  private static final ApiModule MODULE =
      new Module(
          "one",
          List.of(
              operation("DescribeThing", Service.IOT, "/things/{thingName}"),
              operation("Special", Service.IOT, "/things/special"),
              operation("GetRetainedMessage", Service.IOT_DATA, "/retainedMessage/{topic+}")));

  private static Router router(ApiModule... modules) {
    return new Router(List.of(modules), new AwsOperations());
  }

  @Test
  void aSegmentIsDecodedAfterItHasMatched() {
    Router.Match match = router(MODULE).find(Service.IOT, "GET", "/things/a%2Fb");
    assertThat(match.operation().name()).isEqualTo("DescribeThing");
    assertThat(match.parameters()).containsEntry("thingName", "a/b");
  }

  @Test
  void aLiteralWinsAndTheRestIsTakenWhole() {
    Router router = router(MODULE);
    assertThat(router.find(Service.IOT, "GET", "/things/special").operation().name())
        .isEqualTo("Special");
    assertThat(router.find(Service.IOT_DATA, "GET", "/retainedMessage/a/b%20c").parameters())
        .containsEntry("topic", "a/b c");
  }

  @Test
  void anOperationThatAwsHasAndNobodyServesIsNamed() {
    assertThatThrownBy(() -> router().find(Service.IOT, "GET", "/things/a"))
        .isInstanceOfSatisfying(
            ServiceException.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.NOT_IMPLEMENTED))
        .hasMessageContaining("DescribeThing");
    for (String path : List.of("/nowhere", "/things/", "/", "/things/a/b/c/d")) {
      assertThatThrownBy(() -> router(MODULE).find(Service.IOT, "GET", path))
          .as(path)
          .isInstanceOfSatisfying(
              ServiceException.class,
              failure -> assertThat(failure.code()).isEqualTo(ErrorCode.RESOURCE_NOT_FOUND));
    }
  }

  @Test
  void theSecondOfTwoEqualRoutesIsLeftOutAndShown() {
    Router router =
        router(
            MODULE, new Module("two", List.of(operation("Other", Service.IOT, "/things/{name}"))));
    assertThat(router.find(Service.IOT, "GET", "/things/x").operation().name())
        .isEqualTo("DescribeThing");
    assertThat(router.clashes()).singleElement().asString().contains("Other of two is hidden");
  }

  @Test
  void aSecondsWorthOfCallsPassesAndFillsUpAgain() {
    AtomicLong nanos = new AtomicLong();
    Throttle throttle = new Throttle(1, nanos::get);
    Account account = new Account("000000000000", "us-east-1");
    ApiOperation operation = MODULE.operations().get(0);
    throttle.take(account, operation);
    throttle.take(account, operation);
    assertThatThrownBy(() -> throttle.take(account, operation))
        .isInstanceOfSatisfying(
            ServiceException.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.THROTTLING));
    throttle.take(new Account("111111111111", "us-east-1"), operation);
    nanos.addAndGet(500_000_000);
    throttle.take(account, operation);
  }
}
