package dev.gatehouse.broker;

import dev.gatehouse.api.identity.Account;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** What one account has: topics, sessions and retained messages that no other account sees. */
final class Realm {
  final Account account;
  final TopicTrie trie;
  final Shares shares;
  final RouteCache routes;
  final Retained retained;
  final Map<String, ClientSession> sessions = new ConcurrentHashMap<>(); // by client id

  Realm(Account account, Supplier<BrokerSettings> settings, Retained.Budget budget, Timer timer) {
    this.account = account;
    this.trie = new TopicTrie(settings.get().parentMatch());
    this.shares = new Shares(trie);
    this.routes = new RouteCache(trie, settings.get().cachedTopics(), timer);
    this.retained = new Retained(account, settings, budget);
  }
}
