package dev.gatehouse.shell;

import java.util.ArrayList;
import java.util.List;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gatehouse:iam-call}. */
@Service
@Command(
    scope = "gatehouse",
    name = "iam-call",
    description = "Calls any operation of IAM, such as PutUserPolicy, and shows what it answers.")
public final class IamCallCommand extends IamCommand {
  @Argument(index = 0, name = "operation", required = true, description = "As AWS spells it.")
  @Completion(IamOperations.class)
  String operation = "";

  @Argument(
      index = 1,
      name = "parameters",
      multiValued = true,
      description = "Parameters as AWS spells them, Name=value.")
  List<String> parameters = new ArrayList<>();

  @Override
  public Object execute() {
    Calls.Call call = call(operation).of("iam");
    for (String parameter : parameters) {
      int sign = parameter.indexOf('=');
      if (sign < 1) {
        throw new IllegalArgumentException("parameter '" + parameter + "' is not Name=value");
      }
      call.query(parameter.substring(0, sign), parameter.substring(sign + 1));
    }
    print(call.answer());
    return "";
  }
}
