package dev.gatehouse.drivers.host;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the Linux kernel tells in files.
 *
 * @param proc where {@code /proc} is
 * @param thermal where {@code /sys/class/thermal} is
 * @param disk a path on the file system of interest
 */
record HostSensors(Path proc, Path thermal, Path disk) {
  private static final double MILLI = 1000;
  private static final double KIB = 1024;

  /** The hottest zone, degrees Celsius. */
  double temperature() throws IOException {
    double hottest = Double.NEGATIVE_INFINITY;
    try (DirectoryStream<Path> zones = Files.newDirectoryStream(thermal, "thermal_zone*")) {
      for (Path zone : zones) {
        hottest = Math.max(hottest, number(text(zone.resolve("temp"))) / MILLI);
      }
    }
    if (Double.isInfinite(hottest)) {
      throw new IOException(thermal + " has no thermal zone");
    }
    return hottest;
  }

  /**
   * Runnable tasks, averaged.
   *
   * @param column 0, 1, 2 for the last 1, 5, 15 minutes
   */
  double load(int column) throws IOException {
    return field(proc.resolve("loadavg"), column);
  }

  /** Seconds since the machine started. */
  double uptime() throws IOException {
    return Math.floor(field(proc.resolve("uptime"), 0));
  }

  /** Bytes that programs can still get without swapping. */
  double memoryAvailable() throws IOException {
    Path file = proc.resolve("meminfo");
    for (String line : Files.readAllLines(file)) {
      String[] parts = line.split("\\s+");
      if (parts.length > 1 && parts[0].equals("MemAvailable:")) {
        return number(parts[1]) * KIB;
      }
    }
    throw new IOException(file + " does not tell MemAvailable");
  }

  /** Bytes that are free for this process. */
  double diskFree() throws IOException {
    return Files.getFileStore(disk).getUsableSpace();
  }

  private static double field(Path file, int column) throws IOException {
    String[] parts = text(file).split("\\s+");
    if (column >= parts.length) {
      throw new IOException(file + " has " + parts.length + " fields");
    }
    return number(parts[column]);
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file).strip();
  }

  private static double number(String text) throws IOException {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IOException("'" + text + "' is not a number", e);
    }
  }
}
