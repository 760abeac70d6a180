package dev.gatehouse.iam.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.iam.directory.AccountState;
import dev.gatehouse.iam.directory.Directory;
import dev.gatehouse.iam.directory.Draft;
import dev.gatehouse.iam.directory.Grants;
import dev.gatehouse.iam.directory.Holder;
import dev.gatehouse.iam.directory.Kind;
import dev.gatehouse.iam.policy.Documents;
import dev.gatehouse.iam.service.IamErrors;
import dev.gatehouse.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Which policies, managed and inline, users, groups and roles have. */
public final class GrantOperations {
  private static final int MAX_ATTACHED = 10;
  private static final int NAME_LENGTH = 128;

  private final Directory directory;
  private final Documents documents;

  /** Over a directory. */
  public GrantOperations(Directory directory, Documents documents) {
    this.directory = directory;
    this.documents = documents;
  }

  /** The operations, of which each kind has its own. */
  public List<ApiOperation> list() {
    List<ApiOperation> all = new ArrayList<>();
    for (Kind kind : List.of(Kind.USER, Kind.GROUP, Kind.ROLE)) {
      Table table = new Table(directory);
      var about = table.about(kind);
      String title = kind.title();
      all.addAll(
          table
              .change("Attach" + title + "Policy", about, (i, draft) -> attach(i, draft, kind))
              .with(GrantOperations::policyArn)
              .change("Detach" + title + "Policy", about, (i, draft) -> detach(i, draft, kind))
              .with(GrantOperations::policyArn)
              .read(
                  "ListAttached" + title + "Policies",
                  about,
                  (i, state) -> attached(i, state, kind))
              .change("Put" + title + "Policy", about, (i, draft) -> put(i, draft, kind))
              .read("Get" + title + "Policy", about, (i, state) -> get(i, state, kind))
              .change("Delete" + title + "Policy", about, (i, draft) -> delete(i, draft, kind))
              .read("List" + title + "Policies", about, (i, state) -> listed(i, state, kind))
              .list());
    }
    return all;
  }

  private static Map<String, String> policyArn(ApiRequest request) {
    return Map.of("iam:PolicyARN", new Input(request).require("PolicyArn"));
  }

  private static Holder holder(Input input, Draft draft, Kind kind) {
    return draft.require(kind, input.name(kind), Holder.class);
  }

  private static Holder holder(Input input, AccountState state, Kind kind) {
    return state.require(kind, input.name(kind), Holder.class);
  }

  private static ObjectNode attach(Input input, Draft draft, Kind kind) {
    Holder holder = holder(input, draft, kind);
    String arn = input.require("PolicyArn");
    ManagedPolicyOperations.require(draft.state(), arn);
    Grants next = holder.grants().attach(arn);
    if (next.attached().size() > MAX_ATTACHED) {
      throw new ServiceException(
          IamErrors.LIMIT_EXCEEDED,
          "Cannot exceed quota for PoliciesPer" + kind.title() + ": " + MAX_ATTACHED);
    }
    draft.put(holder.with(next));
    return Json.object();
  }

  private static ObjectNode detach(Input input, Draft draft, Kind kind) {
    Holder holder = holder(input, draft, kind);
    String arn = input.require("PolicyArn");
    if (!holder.grants().attached().contains(arn)) {
      throw new ServiceException(
          IamErrors.NO_SUCH_ENTITY,
          "Policy " + arn + " is not attached to " + kind.word() + " " + holder.name() + ".");
    }
    draft.put(holder.with(holder.grants().detach(arn)));
    return Json.object();
  }

  private static ObjectNode attached(Input input, AccountState state, Kind kind) {
    List<String> arns = holder(input, state, kind).grants().attached().stream().sorted().toList();
    return Table.page(
        input,
        "AttachedPolicies",
        arns,
        arn -> arn,
        (list, arn) ->
            list.addObject()
                .put("PolicyName", arn.substring(arn.lastIndexOf('/') + 1))
                .put("PolicyArn", arn));
  }

  private ObjectNode put(Input input, Draft draft, Kind kind) {
    Holder holder = holder(input, draft, kind);
    String document = input.require("PolicyDocument");
    documents.check(document, kind.documentLength());
    Grants next = holder.grants().put(input.name("PolicyName", NAME_LENGTH), document);
    int length = next.inline().values().stream().mapToInt(Documents::length).sum();
    if (length > kind.documentLength()) {
      throw new ServiceException(
          IamErrors.LIMIT_EXCEEDED,
          "Maximum policy size of %d bytes exceeded for %s %s"
              .formatted(kind.documentLength(), kind.word(), holder.name()));
    }
    draft.put(holder.with(next));
    return Json.object();
  }

  private static String document(Input input, Holder holder) {
    String name = input.name("PolicyName", NAME_LENGTH);
    String document = holder.grants().inline().get(name);
    if (document == null) {
      throw new ServiceException(
          IamErrors.NO_SUCH_ENTITY,
          "The %s policy with name %s cannot be found.".formatted(holder.kind().word(), name));
    }
    return document;
  }

  private static ObjectNode get(Input input, AccountState state, Kind kind) {
    Holder holder = holder(input, state, kind);
    String document = document(input, holder);
    return Json.object()
        .put(kind.title() + "Name", holder.name())
        .put("PolicyName", input.require("PolicyName"))
        .put("PolicyDocument", Views.document(document));
  }

  private static ObjectNode delete(Input input, Draft draft, Kind kind) {
    Holder holder = holder(input, draft, kind);
    document(input, holder);
    draft.put(holder.with(holder.grants().remove(input.require("PolicyName"))));
    return Json.object();
  }

  private static ObjectNode listed(Input input, AccountState state, Kind kind) {
    List<String> names = List.copyOf(holder(input, state, kind).grants().inline().keySet());
    return Table.page(input, "PolicyNames", names, name -> name, (list, name) -> list.add(name));
  }
}
