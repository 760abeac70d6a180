package dev.gatehouse.shell;

import org.apache.karaf.shell.api.action.lifecycle.Service;

/** Completes ids of CA certificates. */
@Service
public final class CaIds extends NameCompleter {
  /** Made by Karaf. */
  public CaIds() {
    super("ListCACertificates", "certificates", "certificateId");
  }
}
