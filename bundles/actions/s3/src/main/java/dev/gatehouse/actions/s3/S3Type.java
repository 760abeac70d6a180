package dev.gatehouse.actions.s3;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.home.GatewayHome;
import dev.gatehouse.api.identity.Arn;
import dev.gatehouse.api.rules.action.ActionContext;
import dev.gatehouse.api.rules.action.ActionInput;
import dev.gatehouse.api.rules.action.ActionSettings;
import dev.gatehouse.api.rules.action.ActionTarget;
import dev.gatehouse.api.rules.action.RequiredRight;
import dev.gatehouse.api.rules.action.RuleAction;
import dev.gatehouse.api.rules.action.RuleActionType;
import dev.gatehouse.api.rules.action.Setting;
import dev.gatehouse.api.telemetry.Metric;
import dev.gatehouse.api.telemetry.MetricSource;
import dev.gatehouse.camel.ActionRoute;
import dev.gatehouse.camel.RouteAction;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** The {@code s3} action: the payload that a rule selected becomes an object, a file here. */
@Component(
    configurationPid = "dev.gatehouse.actions.s3",
    service = {RuleActionType.class, MetricSource.class})
@Designate(ocd = S3Config.class)
public final class S3Type implements RuleActionType, MetricSource {
  private static final List<Setting> SETTINGS =
      List.of(
          Setting.text("bucketName", "Bucket that gets the object.").need().template(),
          Setting.text("key", "Key of the object; an object of the same key is replaced.")
              .need()
              .template(),
          Setting.text("cannedAcl", "Access list of the object; it has no effect here.")
              .oneOf(
                  "private",
                  "public-read",
                  "public-read-write",
                  "aws-exec-read",
                  "authenticated-read",
                  "bucket-owner-read",
                  "bucket-owner-full-control",
                  "log-delivery-write"),
          Setting.roleArn());

  private final ActionRoute route;

  /** Starts nothing: Camel begins with the first object. */
  @Activate
  public S3Type(@Reference GatewayHome home, S3Config config) {
    this(S3Settings.of(config, home));
  }

  S3Type(S3Settings settings) {
    PutRoute routes = new PutRoute(new ObjectFiles(settings.directory()));
    this.route = new ActionRoute("s3", PutRoute.ENTRY, routes, Map.of());
  }

  @Deactivate
  void deactivate() {
    route.close();
  }

  @Override
  public String name() {
    return "s3";
  }

  @Override
  public List<Setting> settings() {
    return SETTINGS;
  }

  @Override
  public void validate(ActionSettings settings) {
    try {
      // A text with a template is known only per message.
      settings.get("bucketName").filter(S3Type::fixed).ifPresent(BucketName::new);
      settings.get("key").filter(S3Type::fixed).ifPresent(ObjectKey::of);
    } catch (IllegalArgumentException e) {
      throw new ServiceException(ErrorCode.INVALID_REQUEST, "s3: " + e.getMessage());
    }
  }

  private static boolean fixed(String text) {
    return text.indexOf('$') < 0;
  }

  @Override
  public RuleAction create(ActionContext context) {
    return new RouteAction(route, S3Type::target, S3Type::headers);
  }

  private static ActionTarget target(ActionSettings settings) {
    String bucket = settings.require("bucketName");
    Arn object = new Arn("aws", "s3", "", "", bucket + "/" + settings.require("key"));
    return new ActionTarget(bucket, List.of(new RequiredRight("s3:PutObject", object)));
  }

  private static Map<String, Object> headers(ActionInput input) {
    return Map.of(
        PutRoute.BUCKET, input.settings().require("bucketName"),
        PutRoute.KEY, input.settings().require("key"));
  }

  @Override
  public List<Metric> metrics() {
    return route.metrics();
  }

  /** Whether Camel runs. */
  boolean started() {
    return route.started();
  }
}
