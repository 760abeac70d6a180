package dev.gatehouse.api.audit;

import org.osgi.annotation.versioning.ProviderType;

/** Where calls of the control plane are recorded (guide: Logging AWS IoT API Calls). */
@ProviderType
public interface AuditTrail {

  /**
   * Records a call that has been answered. Never blocks, never throws; what a full queue cannot
   * take is counted. The record survives the gateway's end at once and a power cut after a second.
   */
  void record(AuditEvent event);
}
