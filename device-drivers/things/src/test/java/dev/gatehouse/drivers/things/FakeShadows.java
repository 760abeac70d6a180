package dev.gatehouse.drivers.things;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.shadow.ShadowName;
import dev.gatehouse.api.shadow.ShadowResult;
import dev.gatehouse.api.shadow.ShadowService;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Takes updates as text and answers as a test says. */
final class FakeShadows implements ShadowService {
  final List<String> updates = new ArrayList<>();
  final List<Integer> hops = new ArrayList<>();
  CompletionStage<ShadowResult> result =
      CompletableFuture.completedFuture(new ShadowResult.Accepted(new byte[0], 1));
  ShadowResult document = new ShadowResult.Rejected(404, "No shadow exists");

  /** The updates since the last call. */
  List<String> news() {
    List<String> news = List.copyOf(updates);
    updates.clear();
    return news;
  }

  @Override
  public CompletionStage<ShadowResult> update(ShadowName name, byte[] request, int cause) {
    hops.add(cause);
    updates.add(
        new String(request, StandardCharsets.UTF_8)
            .replace("{\"state\":{\"reported\":", "")
            .replaceFirst("}}$", ""));
    return result;
  }

  @Override
  public CompletionStage<ShadowResult> get(ShadowName name) {
    return CompletableFuture.completedFuture(document);
  }

  @Override
  public CompletionStage<ShadowResult> delete(ShadowName name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<String> names(Account account, String thingName, String from, int limit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<String> things(Account account, String from, int limit) {
    throw new UnsupportedOperationException();
  }
}
