package dev.gatehouse.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.http.AwsService;
import dev.gatehouse.api.http.IotServices;
import dev.gatehouse.api.identity.Account;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Guide: Throttling Limits. */
class ThrottleTest {
  private static final Account ACCOUNT = new Account("000000000000", "us-east-1");
  private static final int OWN = 3;

  /** The guide's table. */
  private static final String TEN =
      """
          AcceptCertificateTransfer CancelCertificateTransfer CreatePolicy
          CreatePolicyVersion DeleteCACertificate DeleteCertificate DeletePolicy
          DeletePolicyVersion DeleteRegistrationCode DescribeCACertificate
          DescribeCertificate DescribeThing DescribeThingType GetPolicy
          GetRegistrationCode ListCACertificates ListCertificates ListCertificatesByCA
          ListOutgoingCertificates ListPolicies ListPolicyPrincipals ListPolicyVersions
          ListPrincipalThings ListThingPrincipals ListThingTypes ListThings
          RegisterCACertificate RegisterCertificate RejectCertificateTransfer
          SetDefaultPolicyVersion TransferCertificate UpdateCACertificate
          UpdateCertificate UpdateThing
      """;

  private static final String FIFTEEN =
      """
          AttachPrincipalPolicy AttachThingPrincipal CreateCertificateFromCsr CreateThing
          CreateThingType DeleteThing DeleteThingType DeprecateThingType
          DetachPrincipalPolicy DetachThingPrincipal GetPolicyVersion
          ListPrincipalPolicies
      """;

  private final AtomicLong nanos = new AtomicLong();

  private static ApiOperation operation(String name, AwsService service) {
    return new ApiOperation(
        name,
        service,
        "GET",
        "/",
        "iot:" + name,
        request -> "*",
        OWN,
        request -> CompletableFuture.completedFuture(ApiResponse.empty()));
  }

  private static ApiOperation operation(String name) {
    return operation(name, IotServices.IOT);
  }

  private Throttle throttle(int factor, String rates) {
    return new Throttle(Limits.of(factor, rates), nanos::get);
  }

  private static int passed(Throttle throttle, ApiOperation operation, int calls) {
    int passed = 0;
    for (int i = 0; i < calls; i++) {
      try {
        throttle.take(ACCOUNT, operation);
        passed++;
      } catch (ServiceException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.THROTTLING);
      }
    }
    return passed;
  }

  static Stream<Arguments> guide() {
    return Stream.concat(
        Stream.of(TEN.trim().split("\\s+")).map(name -> Arguments.of(name, 10)),
        Stream.of(FIFTEEN.trim().split("\\s+")).map(name -> Arguments.of(name, 15)));
  }

  @Test
  void theGuidesTableIsWhole() {
    assertThat(guide()).hasSize(46);
  }

  @ParameterizedTest
  @MethodSource("guide")
  void asManyCallsPassInASecondAsTheGuideSays(String name, int perSecond) {
    Throttle throttle = throttle(1, "");
    ApiOperation operation = operation(name);
    assertThat(passed(throttle, operation, perSecond + 5)).isEqualTo(perSecond);
    nanos.addAndGet(Duration.ofMillis(400).toNanos());
    assertThat(passed(throttle, operation, perSecond)).isEqualTo(perSecond * 2 / 5);
    nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    assertThat(passed(throttle, operation, 5 * perSecond))
        .as("what was not used is not saved up")
        .isEqualTo(perSecond);
  }

  @Test
  void whatTheGuideDoesNotNameHasItsOwnLimit() {
    assertThat(passed(throttle(1, ""), operation("CreateThingGroup"), 10)).isEqualTo(OWN);
  }

  @Test
  void accountsAndOperationsDoNotShareALimit() {
    Throttle throttle = throttle(1, "");
    assertThat(passed(throttle, operation("DescribeThing"), 20)).isEqualTo(10);
    assertThat(passed(throttle, operation("ListThings"), 20)).isEqualTo(10);
    throttle.take(new Account("111111111111", "us-east-1"), operation("DescribeThing"));
    throttle.take(new Account("000000000000", "eu-west-1"), operation("DescribeThing"));
  }

  @Test
  void theDataPlaneAnswersWithAnotherStatus() {
    Throttle throttle = throttle(1, "GetThingShadow=1");
    ApiOperation get = operation("GetThingShadow", IotServices.IOT_DATA);
    throttle.take(ACCOUNT, get);
    assertThatThrownBy(() -> throttle.take(ACCOUNT, get))
        .isInstanceOfSatisfying(
            ServiceException.class,
            failure -> {
              assertThat(failure.code().awsName()).isEqualTo("ThrottlingException");
              assertThat(failure.code().httpStatus()).isEqualTo(429);
            })
        .hasMessage("more than 1 calls of GetThingShadow a second");
  }

  @Test
  void operationsOfOneNameInTwoServicesHaveNothingInCommon() {
    Throttle throttle = throttle(1, "CreatePolicy=4");
    assertThat(passed(throttle, operation("CreatePolicy"), 20)).isEqualTo(4);
    assertThat(passed(throttle, operation("CreatePolicy", OtherServices.IAM), 20)).isEqualTo(OWN);
    assertThat(passed(throttle, operation("DeletePolicy", OtherServices.IAM), 20)).isEqualTo(OWN);
  }

  @Test
  void aConfiguredRateStandsWithoutTheFactor() {
    Throttle throttle = throttle(2, "DescribeThing=7, ListThings = 0");
    assertThat(passed(throttle, operation("DescribeThing"), 50)).isEqualTo(7);
    assertThat(passed(throttle, operation("ListThings"), 500)).isEqualTo(500);
    assertThat(passed(throttle, operation("CreateThing"), 50)).isEqualTo(30);
    Throttle off = throttle(0, "DescribeThing=7");
    assertThat(passed(off, operation("CreateThing"), 500)).isEqualTo(500);
    assertThat(passed(off, operation("DescribeThing"), 500)).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DescribeThing",
        "DescribeThing=",
        "DescribeThing=-1",
        "DescribeThing=1.5",
        "DescribeThing=10000000",
        "DescribeThing=1000001",
        "describething=1",
        "Nothing=1",
        "DescribeThing=1,",
        "DescribeThing=1,DescribeThing=2"
      })
  void aRateThatCanNotBeIsRefusedByName(String rates) {
    assertThatThrownBy(() -> Limits.of(1, rates))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("dev.gatehouse.http: throttleRates ");
  }

  @Test
  void noRatesAreNone() {
    for (String none : List.of("", "  ")) {
      assertThat(Limits.of(1, none).perSecond(operation("DescribeThing"))).isEqualTo(10);
    }
  }
}
