package dev.gatehouse.shell;

import org.apache.karaf.shell.api.action.lifecycle.Service;

/** Completes names of things. */
@Service
public final class ThingNames extends NameCompleter {
  /** Made by Karaf. */
  public ThingNames() {
    super("ListThings", "things", "thingName");
  }
}
