package dev.gatehouse.broker;

import dev.gatehouse.api.identity.Account;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** What one account has: topics, sessions and retained messages that no other account sees. */
final class Realm {
  final Account account;
  final BrokerMemory memory;
  final TopicTrie trie;
  final Shares shares;
  final RouteCache routes;
  final Retained retained;
  final Map<String, ClientSession> sessions = new ConcurrentHashMap<>(); // by client id

  Realm(
      Account account,
      Supplier<BrokerSettings> settings,
      Retained.Budget budget,
      Timer timer,
      BrokerMemory memory) {
    this.account = account;
    this.memory = memory;
    this.trie = new TopicTrie(settings.get().parentMatch(), memory.sessions);
    this.shares = new Shares(trie, memory.sessions);
    this.routes = new RouteCache(trie, settings.get().cachedTopics(), timer, memory.topics);
    this.retained = new Retained(account, settings, budget);
  }
}
