package dev.gatehouse.iam.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.iam.directory.AccountState;
import dev.gatehouse.iam.directory.Directory;
import dev.gatehouse.iam.directory.Draft;
import dev.gatehouse.iam.directory.Kind;
import dev.gatehouse.iam.directory.Tagged;
import dev.gatehouse.iam.directory.Tags;
import dev.gatehouse.iam.service.IamErrors;
import dev.gatehouse.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The tags of users, roles and managed policies (IAM User Guide: tags, quotas). */
public final class TagOperations {
  private static final int MOST = 50;
  private static final int KEY_LENGTH = 128;
  private static final int VALUE_LENGTH = 256;
  private static final Pattern ALLOWED = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*");

  private final Directory directory;

  /** Over a directory. */
  public TagOperations(Directory directory) {
    this.directory = directory;
  }

  /** The operations, of which each kind has its own. */
  public List<ApiOperation> list() {
    Table table = new Table(directory);
    for (Kind kind : List.of(Kind.USER, Kind.ROLE, Kind.POLICY)) {
      Function<ApiRequest, String> about =
          kind == Kind.POLICY ? ManagedPolicyOperations::resource : table.about(kind);
      table
          .change("Tag" + kind.title(), about, (input, draft) -> tag(input, draft, kind))
          .change("Untag" + kind.title(), about, (input, draft) -> untag(input, draft, kind))
          .read("List" + kind.title() + "Tags", about, (i, state) -> listed(i, state, kind));
    }
    return table.list();
  }

  private static Tagged require(Input input, Draft draft, Kind kind) {
    return kind == Kind.POLICY
        ? ManagedPolicyOperations.own(input, draft)
        : draft.require(kind, input.name(kind), Tagged.class);
  }

  private static ObjectNode tag(Input input, Draft draft, Kind kind) {
    Tagged entity = require(input, draft, kind);
    draft.put(entity.with(bounded(entity.tags().plus(given(input)))));
    return Json.object();
  }

  private static ObjectNode untag(Input input, Draft draft, Kind kind) {
    Tagged entity = require(input, draft, kind);
    List<String> keys = new ArrayList<>();
    long given = input.members("TagKeys.member.", "");
    for (int i = 1; i <= given; i++) {
      keys.add(key(input, "TagKeys.member." + i));
    }
    draft.put(entity.with(entity.tags().minus(keys)));
    return Json.object();
  }

  private static ObjectNode listed(Input input, AccountState state, Kind kind) {
    Tagged entity =
        kind == Kind.POLICY
            ? ManagedPolicyOperations.policy(input, state)
            : state.require(kind, input.name(kind), Tagged.class);
    return Table.page(
        input,
        "Tags",
        List.copyOf(entity.tags().values().entrySet()),
        Map.Entry::getKey,
        (list, tag) -> list.add(Views.tag(tag.getKey(), tag.getValue())));
  }

  /**
   * The tags that a call gives, none if it gives none.
   *
   * @throws ServiceException INVALID_INPUT, or IAM_LIMIT_EXCEEDED
   */
  static Tags given(Input input) {
    SortedMap<String, String> tags = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    long given = input.members("Tags.member.", ".Key");
    for (int i = 1; i <= given; i++) {
      String key = key(input, "Tags.member." + i + ".Key");
      String name = "Tags.member." + i + ".Value";
      String value =
          input
              .request()
              .query(name)
              .orElseThrow(() -> Input.invalid("The parameter " + name + " is missing."));
      if (tags.put(key, checked(name, value, VALUE_LENGTH)) != null) {
        throw Input.invalid(
            "Tags names the key '" + key + "' twice; keys that differ only in case are the same.");
      }
    }
    return bounded(new Tags(tags));
  }

  private static String key(Input input, String parameter) {
    String key = checked(parameter, input.require(parameter), KEY_LENGTH);
    if (key.toLowerCase(Locale.ROOT).startsWith("aws:")) {
      throw Input.invalid(parameter + " '" + key + "' begins with aws:, which is reserved.");
    }
    return key;
  }

  private static String checked(String parameter, String text, int longest) {
    if (text.length() > longest || !ALLOWED.matcher(text).matches()) {
      throw Input.invalid(
          "%s is not of at most %d letters, digits, blanks or _ . : / = + - @"
              .formatted(parameter, longest));
    }
    return text;
  }

  private static Tags bounded(Tags tags) {
    if (tags.values().size() > MOST) {
      throw new ServiceException(
          IamErrors.LIMIT_EXCEEDED, "At most " + MOST + " tags go on one resource.");
    }
    return tags;
  }
}
