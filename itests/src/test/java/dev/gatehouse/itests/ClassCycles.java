package dev.gatehouse.itests;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Classes that need each other, directly or through others (Tarjan's algorithm). */
final class ClassCycles {
  private final Map<String, Set<String>> uses;
  private final Map<String, Integer> numbers = new HashMap<>();
  private final Map<String, Integer> lowest = new HashMap<>();
  private final Deque<String> open = new ArrayDeque<>();
  private final List<Set<String>> cycles = new ArrayList<>();

  private ClassCycles(Map<String, Set<String>> uses) {
    this.uses = uses;
  }

  /** Groups of two or more nodes of which each reaches each. */
  static List<Set<String>> of(Map<String, Set<String>> uses) {
    ClassCycles search = new ClassCycles(uses);
    for (String node : new TreeSet<>(uses.keySet())) {
      if (!search.numbers.containsKey(node)) {
        search.visit(node);
      }
    }
    return search.cycles;
  }

  /**
   * What each top-level class uses among the same classes. Nested classes count as their outer one.
   */
  static Map<String, Set<String>> graph(Collection<JavaClass> classes) {
    Map<String, Set<String>> graph = new TreeMap<>();
    classes.forEach(type -> graph.put(outermost(type), new TreeSet<>()));
    for (JavaClass type : classes) {
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        String target = outermost(dependency.getTargetClass().getBaseComponentType());
        if (graph.containsKey(target)) {
          graph.get(outermost(type)).add(target);
        }
      }
    }
    return graph;
  }

  private static String outermost(JavaClass type) {
    int nested = type.getName().indexOf('$');
    return nested < 0 ? type.getName() : type.getName().substring(0, nested);
  }

  private void visit(String node) {
    int number = numbers.size();
    numbers.put(node, number);
    lowest.put(node, number);
    open.push(node);
    for (String next : uses.getOrDefault(node, Set.of())) {
      if (!numbers.containsKey(next)) {
        visit(next);
        lowest.merge(node, lowest.get(next), Math::min);
      } else if (open.contains(next)) {
        lowest.merge(node, numbers.get(next), Math::min);
      }
    }
    if (lowest.get(node) == number) {
      Set<String> group = new TreeSet<>();
      String member;
      do {
        member = open.pop();
        group.add(member);
      } while (!member.equals(node));
      if (group.size() > 1) {
        cycles.add(group);
      }
    }
  }
}
