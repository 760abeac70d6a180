package dev.gatehouse.shell;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gatehouse:ca-describe}. */
@Service
@Command(scope = "gatehouse", name = "ca-describe", description = "Shows a registered CA.")
public final class CaDescribeCommand extends CallCommand {
  @Argument(index = 0, name = "ca", required = true, description = "Id of the CA certificate.")
  @Completion(CaIds.class)
  String ca = "";

  @Override
  public Object execute() {
    print(
        (ObjectNode)
            call("DescribeCACertificate")
                .path("caCertificateId", ca)
                .answer()
                .get("certificateDescription"));
    return "";
  }
}
