package dev.gatehouse.shell;

import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.rules.Rules;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.osgi.framework.BundleContext;

/** {@code gatehouse:rule-test}. */
@Service
@Command(
    scope = "gatehouse",
    name = "rule-test",
    description =
        "Shows what a rule's SQL makes of a message, clause by clause. No message is sent and no"
            + " action runs.",
    detailedDescription =
        "Example: gatehouse:rule-test \"SELECT temp FROM 'a/+' WHERE temp > 50\" a/b '{\"temp\":51}'")
public final class RuleTestCommand implements Action {
  @Argument(index = 0, name = "sql", required = true, description = "The statement, quoted.")
  String sql = "";

  @Argument(index = 1, name = "topic", required = true, description = "The message's topic.")
  String topic = "";

  @Argument(index = 2, name = "payload", required = true, description = "Its payload, quoted.")
  String payload = "";

  @Option(
      name = "--version",
      description = "awsIotSqlVersion, such as 2015-10-08; 2016-03-23 if not given.")
  @Completion(
      value = StringsCompleter.class,
      values = {"2015-10-08", "2016-03-23-beta", "2016-03-23", "beta"})
  String version = "2016-03-23";

  @Reference BundleContext context;

  @Override
  public Object execute() {
    Rules.Trial trial =
        RuleCommands.rules(context)
            .test(
                RuleCommands.account(context),
                sql,
                version,
                new TopicName(topic),
                Payload.ofText(payload));
    trial.steps().forEach(step -> System.out.println(line(step)));
    System.out.println(
        trial
            .result()
            .map(result -> "The actions get: " + result.text())
            .orElse("No action would run."));
    return "";
  }

  static String line(Rules.Step step) {
    return (step.passed() ? "+ " : "- ") + step.clause() + " " + step.detail();
  }
}
