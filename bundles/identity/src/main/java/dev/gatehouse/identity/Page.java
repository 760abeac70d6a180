package dev.gatehouse.identity;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.store.Table;
import dev.gatehouse.json.Marker;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A page of a list that is continued by {@code marker} and {@code nextMarker}.
 *
 * @param nextMarker the token of the next one; empty if this is the last
 */
record Page<T>(List<T> items, String nextMarker) {
  private static final int SIZE = 25;

  /**
   * What is asked for.
   *
   * @param marker makes the tokens of this list
   * @param from where the page begins; empty: at the beginning
   */
  record Request(Marker marker, String from, int size, Table.Order order) {

    /**
     * From a call's query.
     *
     * @throws dev.gatehouse.api.error.ServiceException INVALID_REQUEST naming what is wrong
     */
    static Request of(String list, ApiRequest request) {
      Marker marker = Marker.of(list, request);
      return new Request(
          marker,
          marker.decode("marker", request.query("marker").orElse("")),
          request.pageSize("pageSize", SIZE),
          request.flag("isAscendingOrder") ? Table.Order.ASCENDING : Table.Order.DESCENDING);
    }
  }

  /**
   * From one entry more than the page has room for.
   *
   * @param item empty if it went since the entry was read
   */
  static <E, T> Page<T> of(
      List<E> entries,
      Request request,
      Function<E, String> position,
      Function<E, Optional<T>> item) {
    List<T> items =
        entries.stream()
            .limit(request.size())
            .flatMap(entry -> item.apply(entry).stream())
            .toList();
    return new Page<>(
        items,
        entries.size() > request.size()
            ? request.marker().encode(position.apply(entries.get(request.size())))
            : "");
  }

  /** Tells in an answer where the next page begins. */
  ObjectNode into(ObjectNode answer) {
    if (!nextMarker.isEmpty()) {
      answer.put("nextMarker", nextMarker);
    }
    return answer;
  }
}
