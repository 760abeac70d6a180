package dev.gatehouse.drivers.host;

import java.io.IOException;

/** Reads one value of the machine. */
interface Sensor {

  /**
   * The value now.
   *
   * @throws IOException if the machine does not tell
   */
  double read() throws IOException;
}
