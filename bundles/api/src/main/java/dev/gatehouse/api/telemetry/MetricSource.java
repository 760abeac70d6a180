package dev.gatehouse.api.telemetry;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** Whiteboard: a component's metrics, read when somebody asks. Cheap and never blocking. */
@ConsumerType
public interface MetricSource {

  /** The metrics now. */
  List<Metric> metrics();
}
