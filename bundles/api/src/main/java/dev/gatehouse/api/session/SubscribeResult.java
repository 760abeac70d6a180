package dev.gatehouse.api.session;

/** What a subscription was granted. */
public enum SubscribeResult {
  GRANTED_QOS_0,
  GRANTED_QOS_1,
  GRANTED_QOS_2,
  /** More subscriptions than a session may hold (0x97). */
  QUOTA_EXCEEDED,
  /** The store cannot keep it now (0x83). */
  STORE_UNAVAILABLE
}
