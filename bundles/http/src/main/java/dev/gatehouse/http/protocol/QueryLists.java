package dev.gatehouse.http.protocol;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.Shape;
import dev.gatehouse.http.sigv4.QueryString;
import dev.gatehouse.http.sigv4.SignedRequest;
import dev.gatehouse.json.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the query of the REST protocols, where a list is a name that is given several times. */
final class QueryLists {
  private QueryLists() {}

  /**
   * Parameters by name; a list as a JSON array of texts.
   *
   * @throws dev.gatehouse.api.error.ServiceException INVALID_REQUEST if a name that is no list is
   *     given twice
   */
  static Map<String, String> read(ApiOperation operation, SignedRequest request) {
    List<QueryString.Parameter> parameters = QueryString.parse(request.rawQuery());
    if (!(operation.input() instanceof Shape.Structure structure)
        || structure.members().isEmpty()) {
      return Requests.single(parameters);
    }
    Map<String, ArrayNode> lists = new HashMap<>();
    List<QueryString.Parameter> others =
        parameters.stream()
            .filter(
                parameter -> {
                  boolean list = structure.members().get(parameter.name()) instanceof Shape.ListOf;
                  if (list) {
                    lists
                        .computeIfAbsent(parameter.name(), name -> Json.object().arrayNode())
                        .add(parameter.value());
                  }
                  return !list;
                })
            .toList();
    Map<String, String> all = Requests.single(others);
    lists.forEach((name, values) -> all.put(name, Json.text(values)));
    return all;
  }
}
