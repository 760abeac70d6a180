package dev.gatehouse.rules.destination;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiHandler;
import dev.gatehouse.api.http.ApiModule;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.http.IotServices;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.outgoing.OutgoingHosts;
import dev.gatehouse.api.rules.destination.HttpDestinations;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.Store;
import dev.gatehouse.api.store.StoreConflictException;
import dev.gatehouse.api.store.Table;
import dev.gatehouse.api.telemetry.LogText;
import dev.gatehouse.api.time.PassedTime;
import dev.gatehouse.json.Json;
import dev.gatehouse.json.JsonBody;
import dev.gatehouse.json.Marker;
import dev.gatehouse.rules.destination.Destination.Status;
import dev.gatehouse.rules.error.RuleErrors;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operations on HTTP destinations of topic rules, and the list of hosts that may be called. */
@Component(
    configurationPid = DestinationsConfig.PID,
    immediate = true,
    service = {ApiModule.class, HttpDestinations.class, OutgoingHosts.class})
@Designate(ocd = DestinationsConfig.Settings.class)
public final class Destinations implements ApiModule, HttpDestinations, OutgoingHosts {
  private static final Logger LOG = LoggerFactory.getLogger(Destinations.class);
  private static final String TOKENS = "rules.destination-tokens"; // hash of a token to a key
  private static final String URLS = "rules.destination-urls"; // so that none is there twice
  private static final String PATH = "/destinations";
  private static final int PER_SECOND = 5;
  private static final int MOST = 1_000; // of an account
  private static final int URL_LENGTH = 2_000;
  private static final int TOKEN_BYTES = 32;
  private static final Duration CONFIRM_WITHIN = Duration.ofDays(3);

  private final Store store;
  private final Table table;
  private final DestinationsConfig config;
  private final Confirmations confirmations;
  private final Clock clock;
  private final PassedTime passed;
  private final SecureRandom random = new SecureRandom();

  /** Works on a store. */
  @Activate
  public Destinations(@Reference Store store, DestinationsConfig.Settings settings) {
    this(store, DestinationsConfig.from(settings), Clock.systemUTC());
  }

  private Destinations(Store store, DestinationsConfig config, Clock clock) {
    this(store, config, new Confirmations(config), clock);
  }

  Destinations(Store store, DestinationsConfig config, Confirmations confirmations, Clock clock) {
    this.store = store;
    this.table = store.table(Destination.TABLE);
    this.config = config;
    this.confirmations = confirmations;
    this.clock = clock;
    this.passed = PassedTime.of(clock);
  }

  @Override
  public String name() {
    return "rule-destinations";
  }

  @Override
  public List<ApiOperation> operations() {
    Function<ApiRequest, String> inPath = request -> request.path("arn");
    return List.of(
        operation("CreateTopicRuleDestination", "POST", PATH, request -> "*", this::create),
        operation("GetTopicRuleDestination", "GET", PATH + "/{arn+}", inPath, this::get),
        operation("ListTopicRuleDestinations", "GET", PATH, request -> "*", this::list),
        operation("UpdateTopicRuleDestination", "PATCH", PATH, Destinations::inBody, this::update),
        operation("DeleteTopicRuleDestination", "DELETE", PATH + "/{arn+}", inPath, this::delete),
        // Whoever has the token need not sign: it is the URL that the confirmation tells.
        new ApiOperation(
            "ConfirmTopicRuleDestination",
            IotServices.IOT,
            "GET",
            "/confirmdestination/{confirmationToken+}",
            "iot:ConfirmTopicRuleDestination",
            request -> "*",
            PER_SECOND,
            true,
            this::confirm));
  }

  private static ApiOperation operation(
      String name,
      String method,
      String path,
      Function<ApiRequest, String> resource,
      ApiHandler handler) {
    return new ApiOperation(
        name, IotServices.IOT, method, path, "iot:" + name, resource, PER_SECOND, handler);
  }

  private static String inBody(ApiRequest request) {
    return Json.body(request.body()).requireText("arn");
  }

  @Override
  public Optional<String> status(Account account, String confirmationUrl) {
    return store
        .table(URLS)
        .get(unique(account, confirmationUrl))
        .flatMap(table::get)
        .map(row -> Destination.restored(row).status().name());
  }

  @Override
  public Optional<String> refusal(URI url) {
    return config.refusal(url);
  }

  @Override
  public List<InetAddress> resolve(String host, int port) throws UnknownHostException {
    return config.resolve(host, port);
  }

  private static ServiceException invalid(String message) {
    return new ServiceException(ErrorCode.INVALID_REQUEST, message);
  }

  private CompletionStage<ApiResponse> create(ApiRequest request) {
    Account account = request.account();
    String url = url(Json.body(request.body()));
    if (rows(account, "", MOST).size() == MOST) {
      throw new ServiceException(
          ErrorCode.LIMIT_EXCEEDED, "the account has " + MOST + " destinations already");
    }
    String token = token();
    long now = clock.millis();
    String id = UUID.randomUUID().toString();
    Destination made =
        new Destination(account, id, url, Status.IN_PROGRESS, "", false, hash(token), now, now);
    byte[] unique = unique(made);
    if (store.table(URLS).get(unique).isPresent()) {
      throw exists(url);
    }
    Batch batch =
        new Batch()
            .expectAbsent(URLS, unique)
            .put(URLS, unique, made.key())
            .put(Destination.TABLE, made.key(), made.stored())
            .put(TOKENS, made.tokenHash().getBytes(StandardCharsets.US_ASCII), made.key());
    return commit(batch, exists(url))
        .thenApply(
            done -> {
              ask(made, token, request);
              ObjectNode answer = Json.object();
              answer.set("topicRuleDestination", made.described("httpUrlProperties"));
              return ApiResponse.json(Json.bytes(answer));
            });
  }

  private static ServiceException exists(String url) {
    return new ServiceException(
        ErrorCode.RESOURCE_ALREADY_EXISTS, "there is a destination with the URL " + url);
  }

  private String url(JsonBody body) {
    JsonBody wanted =
        body.object("destinationConfiguration")
            .orElseThrow(() -> invalid("destinationConfiguration is missing"));
    if (wanted.object("vpcConfiguration").isPresent()) {
      throw invalid("vpcConfiguration is not served by this gateway: it is in no VPC");
    }
    String url =
        wanted
            .object("httpUrlConfiguration")
            .orElseThrow(() -> invalid("httpUrlConfiguration is missing"))
            .requireText("confirmationUrl");
    if (url.length() > URL_LENGTH) {
      throw invalid("confirmationUrl must have at most " + URL_LENGTH + " characters");
    }
    try {
      config
          .refusal(new URI(url))
          .ifPresent(
              reason -> {
                throw invalid("confirmationUrl " + reason);
              });
      return url;
    } catch (URISyntaxException e) {
      throw invalid("confirmationUrl is no URL: " + e.getMessage());
    }
  }

  private static byte[] unique(Destination destination) {
    return unique(destination.account(), destination.url());
  }

  private static byte[] unique(Account account, String url) {
    return (account + "\0" + url).getBytes(StandardCharsets.UTF_8);
  }

  /** What comes of it is seen in the status. */
  private void ask(Destination destination, String token, ApiRequest request) {
    String host = request.header("host").orElse("localhost");
    confirmations
        .ask(destination, token, "https://" + host + "/confirmdestination/" + token)
        .thenAccept(
            problem -> {
              if (!problem.isEmpty()) {
                LOG.info(
                    "event=destination-not-asked arn={} reason=\"{}\"",
                    destination.arn(),
                    LogText.printable(problem));
                failed(destination, problem);
              }
            });
  }

  private void failed(Destination asked, String problem) {
    Destination failed =
        asked.as(Status.ERROR, problem, asked.confirmed(), asked.tokenHash(), clock.millis());
    store
        .commit(changing(asked, failed))
        .whenComplete(
            (done, failure) -> {
              if (failure != null) { // somebody has changed or confirmed it meanwhile
                LOG.debug("event=destination-changed arn={}", asked.arn(), failure);
              }
            });
  }

  private static Batch changing(Destination before, Destination after) {
    return new Batch()
        .expect(Destination.TABLE, before.key(), before.stored())
        .put(Destination.TABLE, before.key(), after.stored());
  }

  private CompletionStage<ApiResponse> get(ApiRequest request) {
    ObjectNode answer = Json.object();
    answer.set(
        "topicRuleDestination",
        require(request.account(), request.path("arn")).described("httpUrlProperties"));
    return CompletableFuture.completedFuture(ApiResponse.json(Json.bytes(answer)));
  }

  /** As AWS does it, an absent destination and a forbidden one look the same. */
  private Destination require(Account account, String arn) {
    String prefix = account.arn("iot", Destination.PREFIX).toString();
    return Optional.of(arn)
        .filter(given -> given.startsWith(prefix))
        .flatMap(given -> table.get(Destination.key(account, given.substring(prefix.length()))))
        .map(Destination::restored)
        .orElseThrow(
            () ->
                new ServiceException(
                    ErrorCode.UNAUTHORIZED,
                    "access to destination '" + arn + "' was denied or it does not exist"));
  }

  private List<Table.Row> rows(Account account, String from, int limit) {
    return table.range(
        Destination.key(account, from),
        (account + "\u0001").getBytes(StandardCharsets.UTF_8),
        limit,
        Table.Order.ASCENDING);
  }

  private CompletionStage<ApiResponse> list(ApiRequest request) {
    int size = request.pageSize("maxResults", 100);
    Marker marker = Marker.of("destinations", request);
    String from = marker.decode("nextToken", request.query("nextToken").orElse(""));
    List<Table.Row> page = rows(request.account(), from, size + 1);
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("destinationSummaries");
    page.stream()
        .limit(size)
        .map(row -> Destination.restored(row.value()))
        .forEach(destination -> list.add(destination.described("httpUrlSummary")));
    if (page.size() > size) {
      answer.put("nextToken", marker.encode(Destination.restored(page.get(size).value()).id()));
    }
    return CompletableFuture.completedFuture(ApiResponse.json(Json.bytes(answer)));
  }

  private CompletionStage<ApiResponse> update(ApiRequest request) {
    JsonBody body = Json.body(request.body());
    Destination before = require(request.account(), body.requireText("arn"));
    String status = body.requireText("status");
    long now = clock.millis();
    switch (status) {
      case "DISABLED" -> {
        return change(before, before.as(Status.DISABLED, "", before.confirmed(), "", now));
      }
      case "ENABLED" -> {
        if (!before.confirmed()) {
          throw invalid(
              "the destination has not been confirmed; IN_PROGRESS asks it to confirm once more");
        }
        return change(before, before.as(Status.ENABLED, "", true, "", now));
      }
      case "IN_PROGRESS" -> {
        String token = token();
        Destination after = before.as(Status.IN_PROGRESS, "", before.confirmed(), hash(token), now);
        return change(before, after)
            .thenApply(
                answer -> {
                  ask(after, token, request);
                  return answer;
                });
      }
      default -> throw invalid("status must be ENABLED, DISABLED or IN_PROGRESS, not " + status);
    }
  }

  private CompletionStage<ApiResponse> change(Destination before, Destination after) {
    Batch batch = changing(before, after);
    forget(batch, before);
    if (!after.tokenHash().isEmpty()) {
      batch.put(TOKENS, after.tokenHash().getBytes(StandardCharsets.US_ASCII), after.key());
    }
    return commit(batch, changed(before)).thenApply(done -> ApiResponse.empty());
  }

  private static void forget(Batch batch, Destination destination) {
    if (!destination.tokenHash().isEmpty()) {
      batch.delete(TOKENS, destination.tokenHash().getBytes(StandardCharsets.US_ASCII));
    }
  }

  private static ServiceException changed(Destination destination) {
    return new ServiceException(
        RuleErrors.CONFLICTING_RESOURCE_UPDATE,
        "destination '" + destination.arn() + "' was changed by another call at the same time");
  }

  private CompletionStage<ApiResponse> delete(ApiRequest request) {
    Destination gone = require(request.account(), request.path("arn"));
    Batch batch =
        new Batch()
            .expect(Destination.TABLE, gone.key(), gone.stored())
            .delete(Destination.TABLE, gone.key())
            .delete(URLS, unique(gone));
    forget(batch, gone);
    return commit(batch, changed(gone)).thenApply(done -> ApiResponse.empty());
  }

  private CompletionStage<ApiResponse> confirm(ApiRequest request) {
    String hash = hash(request.path("confirmationToken"));
    Destination asked =
        store
            .table(TOKENS)
            .get(hash.getBytes(StandardCharsets.US_ASCII))
            .flatMap(table::get)
            .map(Destination::restored)
            .filter(destination -> destination.tokenHash().equals(hash))
            .orElseThrow(() -> invalid("the confirmation token is none, or was used before"));
    long now = clock.millis();
    if (passed.sinceMillis(asked.updatedMillis()) > CONFIRM_WITHIN.toMillis()) {
      throw invalid("the confirmation token is older than three days; ask for another one");
    }
    return change(asked, asked.as(Status.ENABLED, "", true, "", now));
  }

  private CompletionStage<Void> commit(Batch batch, ServiceException onConflict) {
    return store
        .commit(batch)
        .exceptionally(
            error -> {
              Throwable cause = error instanceof CompletionException ? error.getCause() : error;
              if (cause instanceof StoreConflictException) {
                throw onConflict;
              }
              throw new ServiceException(
                  ErrorCode.SERVICE_UNAVAILABLE, "the store can not write now", error);
            });
  }

  private String token() {
    byte[] bytes = new byte[TOKEN_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String hash(String token) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
