package dev.gatehouse.broker;

import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.PublishOutcome;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.session.Session;
import dev.gatehouse.api.session.SessionEnd;
import dev.gatehouse.api.session.SessionRequest;
import dev.gatehouse.api.session.SessionSink;
import dev.gatehouse.api.session.SubscribeResult;
import dev.gatehouse.api.session.SubscriptionRequest;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** One connection's hold on a session; without effect once another has taken it. */
final class Connection implements Session {
  final SessionSink sink;
  final SessionRequest request;
  final int receiveMaximum;
  final String identifier = UUID.randomUUID().toString();
  private final Broker broker;
  private final SessionState state;
  boolean started; // guarded by state

  Connection(Broker broker, SessionState state, SessionRequest request, SessionSink sink) {
    this.broker = broker;
    this.state = state;
    this.request = request;
    this.receiveMaximum = request.receiveMaximum();
    this.sink = sink;
  }

  @Override
  public void start() {
    state.start(this);
  }

  @Override
  public CompletionStage<List<SubscribeResult>> subscribe(List<SubscriptionRequest> requests) {
    return broker.subscribe(state, this, requests);
  }

  @Override
  public CompletionStage<List<Boolean>> unsubscribe(List<TopicFilter> filters) {
    return broker.unsubscribe(state, this, filters);
  }

  @Override
  public CompletionStage<PublishOutcome> publish(Message message) {
    return broker.publish(message, state);
  }

  @Override
  public void acknowledge(int packetId) {
    state.acknowledge(this, packetId);
  }

  @Override
  public void resume() {
    state.resume(this);
  }

  @Override
  public void close(SessionEnd end, long expirySeconds) {
    broker.disconnected(state, this, end, expirySeconds);
  }
}
