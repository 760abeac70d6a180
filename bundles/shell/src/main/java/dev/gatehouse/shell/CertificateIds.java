package dev.gatehouse.shell;

import org.apache.karaf.shell.api.action.lifecycle.Service;

/** Completes ids of certificates. */
@Service
public final class CertificateIds extends NameCompleter {
  /** Made by Karaf. */
  public CertificateIds() {
    super("ListCertificates", "certificates", "certificateId");
  }
}
