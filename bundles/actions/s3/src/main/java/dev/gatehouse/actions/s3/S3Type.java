package dev.gatehouse.actions.s3;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.rules.action.ActionSettings;
import dev.gatehouse.api.rules.action.RuleAction;
import dev.gatehouse.api.rules.action.RuleActionType;
import dev.gatehouse.api.telemetry.Metric;
import dev.gatehouse.api.telemetry.MetricSource;
import java.util.List;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;

/** The {@code s3} action: what a rule selected becomes an object, which is a file here. */
@Component(
    configurationPid = "dev.gatehouse.actions.s3",
    service = {RuleActionType.class, MetricSource.class})
@Designate(ocd = S3Config.class)
public final class S3Type implements RuleActionType, MetricSource {
  private static final Set<String> CANNED_ACLS =
      Set.of(
          "private",
          "public-read",
          "public-read-write",
          "aws-exec-read",
          "authenticated-read",
          "bucket-owner-read",
          "bucket-owner-full-control",
          "log-delivery-write");

  private final ObjectWriter writer;

  /** Starts nothing: Camel and the thread begin with the first object. */
  @Activate
  public S3Type(S3Config config) {
    this(S3Settings.of(config));
  }

  S3Type(S3Settings settings) {
    this.writer = new ObjectWriter(new ObjectFiles(settings.directory()), settings.queue());
  }

  @Deactivate
  void deactivate() throws InterruptedException {
    writer.close();
  }

  @Override
  public String name() {
    return "s3";
  }

  @Override
  public String failureName() {
    return "S3Action";
  }

  @Override
  public List<Setting> settings() {
    return List.of(
        new Setting("bucketName", true, false),
        new Setting("key", true, true),
        new Setting("cannedAcl", false, false),
        new Setting("roleArn", true, false));
  }

  @Override
  public void validate(ActionSettings settings) {
    try {
      String bucket = new BucketName(settings.require("bucketName")).value();
      String key = settings.require("key");
      // What holds a template is only known per message.
      if (key.indexOf('$') < 0) {
        ObjectKey.of(key);
      }
      String acl = settings.get("cannedAcl").orElse("private");
      if (!CANNED_ACLS.contains(acl)) {
        throw new IllegalArgumentException(
            "cannedAcl '" + acl + "' of bucket " + bucket + " is none of S3's");
      }
    } catch (IllegalArgumentException e) {
      throw new ServiceException(ErrorCode.INVALID_REQUEST, "s3: " + e.getMessage());
    }
  }

  @Override
  public RuleAction create(ActionSettings settings) {
    return new S3Action(writer);
  }

  @Override
  public List<Metric> metrics() {
    return List.of(
        Metric.counter("actions_s3_objects_written_total", writer.written()),
        Metric.counter("actions_s3_failures_total", writer.failed()),
        Metric.gauge("actions_s3_objects_waiting", writer.waiting()));
  }

  /** Whether Camel runs. */
  boolean started() {
    return writer.started();
  }
}
