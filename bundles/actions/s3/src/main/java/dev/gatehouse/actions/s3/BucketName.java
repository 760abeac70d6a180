package dev.gatehouse.actions.s3;

import java.util.regex.Pattern;

/** A name as S3 allows for buckets; it is safe as the name of a directory. */
record BucketName(String value) {
  private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
  private static final Pattern ADDRESS = Pattern.compile("\\d+\\.\\d+\\.\\d+\\.\\d+");

  /**
   * Validates.
   *
   * @throws IllegalArgumentException if it has another form
   */
  BucketName {
    if (!FORM.matcher(value).matches()
        || value.contains("..")
        || value.contains(".-")
        || value.contains("-.")
        || ADDRESS.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "bucketName '"
              + value
              + "' is not 3 to 63 of a-z 0-9 - . in labels that begin and end with a-z 0-9");
    }
  }
}
