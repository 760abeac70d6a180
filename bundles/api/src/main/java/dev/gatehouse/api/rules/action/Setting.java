package dev.gatehouse.api.rules.action;

import java.util.List;

/**
 * One setting of an action's type. The engine checks rules against it, and a form can be drawn from
 * it.
 *
 * @param name of the member, as AWS spells it; it may hold dots
 * @param required whether a rule without it is refused; within an object, whether an object without
 *     it is
 * @param templated whether {@code ${…}} in it is replaced for each message; only of scalars and
 *     maps. One that comes out empty and is not required counts as absent
 * @param choices the allowed texts; empty if any fits
 * @param help one sentence for the rule's author
 * @param members of an object, or of each object of a list
 */
public record Setting(
    String name,
    Type type,
    boolean required,
    boolean templated,
    List<String> choices,
    String help,
    List<Setting> members) {

  /** The kind of a setting's value. */
  public enum Type {
    /** Any text. */
    TEXT,
    /** A number, in JSON or as text. */
    NUMBER,
    /** A boolean, in JSON or as text. */
    BOOLEAN,
    /**
     * The ARN of a role, of the rule's account. Whoever makes the rule must be allowed to pass it;
     * the action acts with its rights.
     */
    ROLE,
    /** An object with the described members. */
    OBJECT,
    /** A list of objects with the described members. */
    LIST,
    /** An object with any names, which may hold dots, and texts. */
    MAP
  }

  /** Copies the lists. */
  public Setting {
    choices = List.copyOf(choices);
    members = List.copyOf(members);
    boolean nested = type == Type.OBJECT || type == Type.LIST;
    if (nested == members.isEmpty()) {
      throw new IllegalArgumentException(
          "setting " + name + " of type " + type + " has " + members.size() + " members");
    }
    if (templated && (nested || type == Type.ROLE)) {
      throw new IllegalArgumentException(
          "setting " + name + " of type " + type + " cannot be templated");
    }
  }

  /** An optional text. */
  public static Setting text(String name, String help) {
    return scalar(name, Type.TEXT, help);
  }

  /** An optional number. */
  public static Setting number(String name, String help) {
    return scalar(name, Type.NUMBER, help);
  }

  /** An optional boolean. */
  public static Setting flag(String name, String help) {
    return scalar(name, Type.BOOLEAN, help);
  }

  /** The required role {@code roleArn}. */
  public static Setting roleArn() {
    return scalar("roleArn", Type.ROLE, "ARN of the role that the rule acts as.").need();
  }

  /** An optional object. */
  public static Setting object(String name, String help, Setting... members) {
    return new Setting(name, Type.OBJECT, false, false, List.of(), help, List.of(members));
  }

  /** An optional list of objects. */
  public static Setting list(String name, String help, Setting... members) {
    return new Setting(name, Type.LIST, false, false, List.of(), help, List.of(members));
  }

  /** An optional map of texts. */
  public static Setting map(String name, String help) {
    return scalar(name, Type.MAP, help);
  }

  private static Setting scalar(String name, Type type, String help) {
    return new Setting(name, type, false, false, List.of(), help, List.of());
  }

  /** The same, required. */
  public Setting need() {
    return new Setting(name, type, true, templated, choices, help, members);
  }

  /** The same, with templates. */
  public Setting template() {
    return new Setting(name, type, required, true, choices, help, members);
  }

  /** The same, with these texts only. */
  public Setting oneOf(String... texts) {
    return new Setting(name, type, required, templated, List.of(texts), help, members);
  }
}
