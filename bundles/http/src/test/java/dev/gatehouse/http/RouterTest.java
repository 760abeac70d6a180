package dev.gatehouse.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiModule;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.http.AwsService;
import dev.gatehouse.api.http.IotServices;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RouterTest {
  private static ApiOperation operation(String name, AwsService service, String path) {
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
              operation("DescribeThing", IotServices.IOT, "/things/{thingName}"),
              operation("Special", IotServices.IOT, "/things/special"),
              operation("GetRetainedMessage", IotServices.IOT_DATA, "/retainedMessage/{topic+}")));

  private static Router router(ApiModule... modules) {
    return new Router(List.of(modules));
  }

  @Test
  void aSegmentIsDecodedAfterItHasMatched() {
    Router.Match match = router(MODULE).byPath(IotServices.IOT, "GET", "/things/a%2Fb", "");
    assertThat(match.operation().name()).isEqualTo("DescribeThing");
    assertThat(match.parameters()).containsEntry("thingName", "a/b");
  }

  @Test
  void strangersFindWhatIsOpenToThemByItsPathAndNothingElse() {
    ApiOperation confirm = operation("Confirm", IotServices.IOT, "/confirm/{token+}");
    ApiOperation open =
        new ApiOperation(
            confirm.name(),
            confirm.service(),
            confirm.method(),
            confirm.path(),
            confirm.action(),
            confirm.resources(),
            confirm.context(),
            confirm.perSecond(),
            true,
            confirm.handler());
    Router router = router(MODULE, new Module("two", List.of(open)));
    assertThat(router.open("GET", "/confirm/a%2Fb/c"))
        .extracting(Router.Match::parameters)
        .isEqualTo(Map.of("token", "a/b/c"));
    assertThat(router.open("POST", "/confirm/a")).isNull();
    assertThat(router.open("GET", "/confirm/")).isNull();
    assertThat(router.open("GET", "/things/a")).isNull();
    assertThat(router.open("GET", "/")).isNull();
  }

  @Test
  void aLiteralWinsAndTheRestIsTakenWhole() {
    Router router = router(MODULE);
    assertThat(router.byPath(IotServices.IOT, "GET", "/things/special", "").operation().name())
        .isEqualTo("Special");
    assertThat(
            router.byPath(IotServices.IOT_DATA, "GET", "/retainedMessage/a/b%20c", "").parameters())
        .containsEntry("topic", "a/b c");
  }

  @Test
  void anOperationThatAwsHasAndNobodyServesIsNamed() {
    assertThatThrownBy(() -> router().byPath(IotServices.IOT, "GET", "/things/a", ""))
        .isInstanceOfSatisfying(
            ServiceException.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.NOT_IMPLEMENTED))
        .hasMessageContaining("DescribeThing");
    for (String path : List.of("/nowhere", "/things/", "/", "/things/a/b/c/d")) {
      assertThatThrownBy(() -> router(MODULE).byPath(IotServices.IOT, "GET", path, ""))
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
            MODULE,
            new Module("two", List.of(operation("Other", IotServices.IOT, "/things/{name}"))));
    assertThat(router.byPath(IotServices.IOT, "GET", "/things/x", "").operation().name())
        .isEqualTo("DescribeThing");
    assertThat(router.clashes()).singleElement().asString().contains("Other of two is hidden");
  }

  static List<Arguments> awsModel() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(RouterTest.class.getResourceAsStream("aws-model.txt")),
                StandardCharsets.US_ASCII))) {
      return lines
          .lines()
          .map(line -> line.split(" "))
          .map(parts -> Arguments.of(parts[0], parts[1], parts[2], parts[3]))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static AwsService service(String name) {
    return name.equals("IOT") ? IotServices.IOT : IotServices.IOT_DATA;
  }

  @Test
  void theModelHasAllOperationsOfBothPlanes() {
    assertThat(awsModel()).hasSize(272 + 8);
  }

  @ParameterizedTest(name = "{3}")
  @MethodSource("awsModel")
  void eachOperationThatAwsHasIsNamedWhenNobodyServesIt(
      String service, String method, String path, String name) {
    String concrete = path.replaceAll("\\{[^}]*\\+}", "a/b%2Fc").replaceAll("\\{[^}]*}", "a%2Fb");
    assertThatThrownBy(() -> router().byPath(service(service), method, concrete, ""))
        .isInstanceOfSatisfying(
            ServiceException.class,
            failure -> {
              assertThat(failure.code()).isEqualTo(ErrorCode.NOT_IMPLEMENTED);
              assertThat(failure.code().httpStatus()).isEqualTo(501);
            })
        .hasMessageContaining(" " + name + " is not served");
  }
}
