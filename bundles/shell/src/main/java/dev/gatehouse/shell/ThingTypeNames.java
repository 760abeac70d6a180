package dev.gatehouse.shell;

import org.apache.karaf.shell.api.action.lifecycle.Service;

/** Completes names of thing types. */
@Service
public final class ThingTypeNames extends NameCompleter {
  /** Made by Karaf. */
  public ThingTypeNames() {
    super("ListThingTypes", "thingTypes", "thingTypeName");
  }
}
