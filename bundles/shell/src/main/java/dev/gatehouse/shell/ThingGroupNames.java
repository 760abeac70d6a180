package dev.gatehouse.shell;

import org.apache.karaf.shell.api.action.lifecycle.Service;

/** Completes names of thing groups. */
@Service
public final class ThingGroupNames extends NameCompleter {
  /** Made by Karaf. */
  public ThingGroupNames() {
    super("ListThingGroups", "thingGroups", "groupName");
  }
}
