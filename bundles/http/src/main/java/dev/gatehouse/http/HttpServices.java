package dev.gatehouse.http;

import java.util.concurrent.Executor;

/**
 * What the connections of the edge share.
 *
 * @param calls handles calls
 * @param workers run it, off the event loops; refuses when too many wait
 * @param streams the protocols that a connection can turn into
 * @param memory counts the bytes of requests
 */
record HttpServices(CallHandler calls, Executor workers, Streams streams, RequestMemory memory) {}
