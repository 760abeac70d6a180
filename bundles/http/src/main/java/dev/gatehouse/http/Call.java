package dev.gatehouse.http;

import dev.gatehouse.http.sigv4.SignedRequest;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A request as it came off the wire.
 *
 * @param certificates the client's chain, leaf first; empty if it sent none
 * @param bytes counts the heap that it uses
 */
record Call(
    SignedRequest request,
    List<X509Certificate> certificates,
    String sourceIp,
    RequestBytes bytes) {}
