package dev.gatehouse.sample;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiModule;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.http.AwsProtocol;
import dev.gatehouse.api.http.AwsService;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.store.Store;
import dev.gatehouse.api.store.Table;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The operations of the service. Its resources are rows of a table: JSON by account and name. */
@Component
public final class SampleService implements ApiModule {
  static final String TABLE = "sample.items";
  private static final AwsService SERVICE = AwsService.of("sample", AwsProtocol.REST_JSON);
  private static final int PER_SECOND = 10;

  private final Table table;

  /** Keeps its resources in the store. */
  @Activate
  public SampleService(@Reference Store store) {
    table = store.table(TABLE);
  }

  @Override
  public String name() {
    return "sample";
  }

  @Override
  public List<ApiOperation> operations() {
    return List.of(
        new ApiOperation(
            "DescribeItem",
            SERVICE,
            "GET",
            "/items/{itemName}",
            "sample:DescribeItem",
            request -> arn(request.account(), request.path("itemName")),
            PER_SECOND,
            this::describe));
  }

  static String arn(Account account, String name) {
    return account.arn("sample", "item/" + name).toString();
  }

  static byte[] key(Account account, String name) {
    return (account + "\0" + name).getBytes(UTF_8);
  }

  private CompletionStage<ApiResponse> describe(ApiRequest request) {
    String name = request.path("itemName");
    byte[] json =
        table
            .get(key(request.account(), name))
            .orElseThrow(
                () ->
                    new ServiceException(
                        ErrorCode.RESOURCE_NOT_FOUND, "there is no item '" + name + "'"));
    return CompletableFuture.completedFuture(ApiResponse.json(json));
  }
}
