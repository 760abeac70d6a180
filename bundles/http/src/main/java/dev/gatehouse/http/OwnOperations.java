package dev.gatehouse.http;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiModule;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.http.IotServices;
import dev.gatehouse.api.http.Shape;
import dev.gatehouse.api.identity.Authorizer;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.MessageBus;
import dev.gatehouse.api.message.Origin;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.PublishLimits;
import dev.gatehouse.api.message.PublishOutcome;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.message.TraceId;
import dev.gatehouse.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The operations that belong to no other bundle: where the endpoint is, and publishing. */
final class OwnOperations implements ApiModule {
  /** All have one address here; what is not served there says so by itself. */
  private static final List<String> ENDPOINTS =
      List.of("iot:Data", "iot:Data-ATS", "iot:CredentialProvider", "iot:Jobs");

  private static final String RETAIN = "iot:RetainPublish";

  private final MessageBus bus;
  private final Authorizer authorizer;
  private final String endpoint;
  private final Supplier<@Nullable PublishLimits> limits;

  /**
   * With the limits of the moment.
   *
   * @param limits null while the MQTT edge, whose settings they are, is not here
   */
  OwnOperations(
      MessageBus bus,
      Authorizer authorizer,
      String endpoint,
      Supplier<@Nullable PublishLimits> limits) {
    this.bus = bus;
    this.authorizer = authorizer;
    this.endpoint = endpoint;
    this.limits = limits;
  }

  @Override
  public String name() {
    return "http";
  }

  @Override
  public List<ApiOperation> operations() {
    return List.of(
        new ApiOperation(
            "DescribeEndpoint",
            IotServices.IOT,
            "GET",
            "/endpoint",
            "iot:DescribeEndpoint",
            request -> "*",
            10,
            this::describeEndpoint),
        new ApiOperation(
                "Publish",
                IotServices.IOT_DATA,
                "POST",
                "/topics/{topic+}",
                "iot:Publish",
                OwnOperations::topic,
                10_000,
                this::publish)
            .shaped(Shape.Scalar.BLOB, Shape.Scalar.ANY)
            .dataEvent());
  }

  private CompletionStage<ApiResponse> describeEndpoint(ApiRequest request) {
    String type = request.query("endpointType").orElse("iot:Data");
    if (!ENDPOINTS.contains(type)) {
      throw new ServiceException(
          ErrorCode.INVALID_REQUEST, "endpointType '" + type + "' is not one of " + ENDPOINTS);
    }
    return CompletableFuture.completedFuture(
        ApiResponse.json(Json.bytes(Json.object().put("endpointAddress", endpoint))));
  }

  private static String topic(ApiRequest request) {
    return request.account().arn("iot", "topic/" + request.path("topic")).toString();
  }

  /** To publish with the RETAIN flag needs a right more than to publish. */
  private void requireRetain(ApiRequest request) {
    boolean may =
        authorizer
            .rights(request.principal(), request::conditionKeys)
            .decide(RETAIN, topic(request))
            .allowed();
    if (!may) {
      throw new ServiceException(
          ErrorCode.FORBIDDEN, Denial.text(request.principal(), RETAIN, topic(request)));
    }
  }

  private CompletionStage<ApiResponse> publish(ApiRequest request) {
    if (request.flag("retain")) {
      requireRetain(request);
    }
    Message message;
    try {
      String qos = request.query("qos").orElse("0");
      if (!qos.equals("0") && !qos.equals("1")) {
        throw new IllegalArgumentException("qos '" + qos + "' is not 0 or 1");
      }
      message =
          new Message(
              request.account(),
              new TopicName(request.path("topic")),
              Payload.of(request.body()),
              QoS.of(Integer.parseInt(qos)),
              request.flag("retain"),
              PublishProperties.of(request),
              new Origin(request.principal(), null, request.sourceIp()),
              request.time().toEpochMilli(),
              TraceId.next(),
              0);
    } catch (IllegalArgumentException e) {
      throw new ServiceException(ErrorCode.INVALID_REQUEST, String.valueOf(e.getMessage()));
    }
    requireWithinLimits(message);
    return bus.publish(message).thenApply(outcome -> answer(message, outcome));
  }

  private void requireWithinLimits(Message message) {
    PublishLimits now = limits.get();
    Optional<String> fault = now == null ? Optional.empty() : now.fault(message);
    if (fault.isPresent()) {
      throw new ServiceException(ErrorCode.INVALID_REQUEST, fault.get());
    }
  }

  private static ApiResponse answer(Message message, PublishOutcome outcome) {
    return switch (outcome) {
      case DELIVERED, NO_SUBSCRIBERS ->
          ApiResponse.json(
              Json.bytes(
                  Json.object().put("message", "OK").put("traceId", message.traceId().toString())));
      case RESERVED_TOPIC_UNCLAIMED ->
          throw new ServiceException(
              ErrorCode.INVALID_REQUEST,
              "topic " + message.topic() + " is reserved and nobody serves it at the moment");
      case QUOTA_EXCEEDED, STORE_UNAVAILABLE ->
          throw new ServiceException(
              ErrorCode.SERVICE_UNAVAILABLE, "the message was not taken: " + outcome);
    };
  }
}
