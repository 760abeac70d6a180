package dev.gatehouse.shell;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.audit.AuditTrail;
import dev.gatehouse.api.http.ApiModule;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.DefaultAccount;
import dev.gatehouse.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.support.table.ShellTable;
import org.osgi.framework.BundleContext;

/** A command that makes calls of the default account. */
abstract class CallCommand implements Action {
  @Reference BundleContext context;

  /** Puts a call together for {@link Calls.Call#answer}. */
  Calls.Call call(String operation) {
    return calls(context).call(operation);
  }

  static Calls calls(BundleContext context) {
    return calls(
        context,
        Services.one(context, DefaultAccount.class)
            .orElseThrow(() -> new IllegalStateException("the identity bundle is not running"))
            .account());
  }

  /** For completion: a key press leaves no record. */
  static Calls quietCalls(BundleContext context) {
    return new Calls(
        Services.one(context, DefaultAccount.class)
            .orElseThrow(() -> new IllegalStateException("the identity bundle is not running"))
            .account(),
        Services.all(context, ApiModule.class));
  }

  static Calls calls(BundleContext context, Account account) {
    return new Calls(
        account,
        Services.all(context, ApiModule.class),
        Services.one(context, AuditTrail.class).orElse(event -> {}));
  }

  /** Entries of all pages. */
  static void pages(Calls.Call call, String list, Consumer<JsonNode> entry) {
    String token;
    do {
      ObjectNode page = call.query("maxResults", "250").answer();
      page.get(list).forEach(entry);
      token = page.path("nextToken").asText();
      call.query("nextToken", token);
    } while (!token.isEmpty());
  }

  /** Members of an answer, one a line, those of objects with dots. */
  static List<String> lines(ObjectNode answer) {
    List<String> lines = new ArrayList<>();
    lines("", answer, lines);
    return lines;
  }

  private static void lines(String path, JsonNode node, List<String> lines) {
    if (node.isObject()) {
      node.properties()
          .forEach(
              member ->
                  lines(
                      path.isEmpty() ? member.getKey() : path + "." + member.getKey(),
                      member.getValue(),
                      lines));
    } else if (node.isArray()) {
      List<String> entries = new ArrayList<>();
      node.forEach(entry -> entries.add(entry.isTextual() ? entry.asText() : Json.text(entry)));
      lines.add(path + " = " + String.join(", ", entries));
    } else {
      lines.add(path + " = " + node.asText());
    }
  }

  static void print(ObjectNode answer) {
    lines(answer).forEach(System.out::println);
  }

  static ShellTable table(String... columns) {
    ShellTable table = new ShellTable();
    for (String column : columns) {
      table.column(column);
    }
    return table;
  }

  /** {@code attributePayload} of {@code name=value} texts. */
  static ObjectNode attributes(List<String> given) {
    ObjectNode attributes = Json.object();
    for (String text : given) {
      int sign = text.indexOf('=');
      if (sign < 1) {
        throw new IllegalArgumentException("attribute '" + text + "' is not name=value");
      }
      attributes.put(text.substring(0, sign), text.substring(sign + 1));
    }
    ObjectNode payload = Json.object();
    payload.set("attributes", attributes);
    return payload;
  }

  /** One line of a thing's or group's attributes. */
  static String text(JsonNode attributes) {
    List<String> texts = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : attributes.properties()) {
      texts.add(entry.getKey() + "=" + entry.getValue().asText());
    }
    return String.join(" ", texts);
  }
}
