package dev.gatehouse.actions.http;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.outgoing.OutgoingHosts;
import dev.gatehouse.api.rules.action.ActionContext;
import dev.gatehouse.api.rules.action.ActionInput;
import dev.gatehouse.api.rules.action.ActionSettings;
import dev.gatehouse.api.rules.action.ActionTarget;
import dev.gatehouse.api.rules.action.RuleAction;
import dev.gatehouse.api.rules.action.RuleActionType;
import dev.gatehouse.api.rules.action.Setting;
import dev.gatehouse.api.rules.destination.HttpDestinations;
import dev.gatehouse.api.telemetry.Metric;
import dev.gatehouse.api.telemetry.MetricSource;
import dev.gatehouse.camel.ActionRoute;
import dev.gatehouse.camel.RouteAction;
import java.net.URI;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * The {@code http} action (AWS IoT: HTTP): the payload that a rule selected is posted to a server
 * that the operator allows and that has confirmed that it wants messages.
 */
@Component(service = {RuleActionType.class, MetricSource.class})
public final class HttpType implements RuleActionType, MetricSource {
  private static final List<Setting> SETTINGS =
      List.of(
          Setting.text("url", "HTTPS URL that gets the payload, at most 2000 characters.")
              .need()
              .template(),
          Setting.text("confirmationUrl", "URL of the confirmed destination; url begins with it.")
              .template(),
          Setting.list(
              "headers",
              "At most 100 headers of the request.",
              Setting.text("key", "Name of the header.").need(),
              Setting.text("value", "Value of the header.").need().template()));

  private final OutgoingHosts hosts;
  private final HttpDestinations destinations;
  private final HttpCalls calls;
  private final ActionRoute route;

  /** Starts nothing: Camel and the HTTP client begin with the first message. */
  @Activate
  public HttpType(@Reference OutgoingHosts hosts, @Reference HttpDestinations destinations)
      throws NoSuchAlgorithmException {
    this(hosts, destinations, SSLContext.getDefault());
  }

  HttpType(OutgoingHosts hosts, HttpDestinations destinations, SSLContext tls) {
    this.hosts = hosts;
    this.destinations = destinations;
    this.calls = new HttpCalls(hosts, tls);
    this.route = new ActionRoute("http", PostRoute.ENTRY, new PostRoute(calls), Map.of());
  }

  @Deactivate
  void deactivate() {
    route.close();
    calls.close();
  }

  @Override
  public String name() {
    return "http";
  }

  @Override
  public List<Setting> settings() {
    return SETTINGS;
  }

  @Override
  public void validate(ActionSettings settings) {
    String url = settings.require("url");
    String confirmation = settings.get("confirmationUrl").orElse(url);
    try {
      Headers.validate(settings.list("headers"));
      if (!fixed(url) && settings.get("confirmationUrl").isEmpty()) {
        throw new IllegalArgumentException(
            "confirmationUrl is missing: url '" + url + "' has a template");
      }
      // A text with a template is known only per message.
      if (fixed(confirmation)) {
        allowed(HttpUrl.parse("confirmationUrl", confirmation));
      }
      if (fixed(url) && fixed(confirmation)) {
        HttpUrl.parse("url", url).requireBelow(HttpUrl.parse("confirmationUrl", confirmation));
      }
    } catch (IllegalArgumentException e) {
      throw new ServiceException(ErrorCode.INVALID_REQUEST, "http: " + e.getMessage());
    }
  }

  private static boolean fixed(String text) {
    return text.indexOf('$') < 0;
  }

  private void allowed(HttpUrl url) {
    hosts
        .refusal(url.uri())
        .ifPresent(
            reason -> {
              throw new IllegalArgumentException("the URL '" + url + "' " + reason);
            });
  }

  @Override
  public RuleAction create(ActionContext context) {
    return new RouteAction(route, HttpType::target, input -> headers(context, input));
  }

  /** No role takes part: the server has confirmed, and the operator has allowed it. */
  private static ActionTarget target(ActionSettings settings) {
    return new ActionTarget(settings.require("url"), List.of());
  }

  private Map<String, Object> headers(ActionContext context, ActionInput input) {
    ActionSettings settings = input.settings();
    HttpUrl url = HttpUrl.parse("url", settings.require("url"));
    String confirmation = settings.get("confirmationUrl").orElse(settings.require("url"));
    allowed(url);
    String status = destinations.status(context.account(), confirmation).orElse("absent");
    if (!status.equals("ENABLED")) {
      throw new IllegalArgumentException(
          "the destination '%s' is %s, not ENABLED: create and confirm it with create-topic-rule-destination"
              .formatted(confirmation, status));
    }
    url.requireBelow(HttpUrl.parse("confirmationUrl", confirmation));
    URI uri = url.uri();
    return Map.of(
        PostRoute.URL,
        uri,
        PostRoute.HEADERS,
        Headers.of(settings.list("headers"), input.payload().bytes()));
  }

  @Override
  public List<Metric> metrics() {
    return route.metrics();
  }
}
