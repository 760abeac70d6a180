package dev.gatehouse.testkit;

import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Ways to spell a name of a request that a careless look-up takes for the name itself. */
final class Spellings {
  private Spellings() {}

  /** One spelling by chance; null stands for a parameter that is left out. */
  static @Nullable String of(String name, String other, Random random) {
    String first = name.substring(0, 1);
    String rest = name.substring(1);
    return switch (random.nextInt(26)) {
      case 0 -> name.toUpperCase(Locale.ROOT);
      case 1 -> first.toUpperCase(Locale.ROOT) + rest;
      case 2 -> name.substring(0, name.length() - 1) + last(name).toUpperCase(Locale.ROOT);
      case 3 -> "";
      case 4 -> null;
      case 5 -> " " + name;
      case 6 -> name + " ";
      case 7 -> name + "\t";
      case 8 -> name + "\n";
      case 9 -> name + "\0";
      case 10 -> "%" + Integer.toHexString(name.charAt(0)) + rest;
      case 11 -> "%25" + Integer.toHexString(name.charAt(0)) + rest;
      case 12 -> name + "/";
      case 13 -> "/" + name;
      case 14 -> "x/" + name;
      case 15 -> name + "/..";
      case 16 -> "*";
      case 17 -> "?" + rest;
      case 18 -> first + "*";
      case 19 -> name.replace('s', '\u017f').replace('k', '\u212a'); // equal if case is ignored
      case 20 -> name.replace('i', '\u0131').replace('I', '\u0130');
      case 21 -> name.replace('c', '\uff43');
      case 22 -> name + "," + other;
      case 23 -> other + "," + name;
      case 24 -> "arn:aws:iot:us-east-1:123456789012:" + name;
      default -> name;
    };
  }

  private static String last(String name) {
    return name.substring(name.length() - 1);
  }

  /** What may stand in place of the account's part of an ARN. */
  static final List<String> ARN_PARTS =
      List.of("arn:aws-cn:", "arn:AWS:", "ARN:aws:", "arn:aws:", "arn::", "arn:x:");
}
