package dev.gatehouse.load;

/** The broker does not serve what the run asks for. */
final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1;

  Refused(String message) {
    super(message);
  }
}
