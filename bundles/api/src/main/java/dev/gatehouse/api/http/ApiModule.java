package dev.gatehouse.api.http;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Whiteboard: the operations that a bundle offers. The edge serves them while the service is
 * registered; calls in flight are let finish before it is let go. Of two operations with the same
 * service and route the first stays, the second is logged and shown as a clash.
 */
@ConsumerType
public interface ApiModule {

  /** For logs, such as {@code registry}. */
  String name();

  /** The table of operations; the same each time. */
  List<ApiOperation> operations();

  /** The services that these operations belong to; another module may serve parts of them too. */
  default Set<AwsService> services() {
    return operations().stream().map(ApiOperation::service).collect(Collectors.toUnmodifiableSet());
  }
}
