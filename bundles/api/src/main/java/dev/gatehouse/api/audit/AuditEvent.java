package dev.gatehouse.api.audit;

import dev.gatehouse.api.identity.Principal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A call of the control plane.
 *
 * @param eventSource such as {@code iot.amazonaws.com}
 * @param eventName the operation
 * @param readOnly whether the operation changes nothing
 * @param accessKeyId what it was signed with, null if it was not
 * @param sessionIssued when the session began that signed it, null if none did or nobody knows
 * @param requestParameters a JSON object in UTF-8; the trail leaves out what is secret; not to be
 *     modified
 * @param sourceIp textual address, or {@code console}
 * @param userAgent empty if none was told
 * @param errorCode as the caller was told it, null if the call succeeded
 */
public record AuditEvent(
    String eventSource,
    String eventName,
    boolean readOnly,
    Principal principal,
    @Nullable String accessKeyId,
    @Nullable Instant sessionIssued,
    Instant time,
    String requestId,
    byte[] requestParameters,
    String sourceIp,
    String userAgent,
    @Nullable String errorCode,
    @Nullable String errorMessage) {}
