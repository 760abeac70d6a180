package dev.gatehouse.functions.machinelearning;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tribuo.Model;

/** Models by id, read when they are asked for, and again when their file has changed. */
final class ModelFiles {
  private static final Logger LOG = LoggerFactory.getLogger(ModelFiles.class);
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}");
  private static final long MAX_BYTES = 256L * 1024 * 1024;

  private final Path directory;
  private final Map<String, Loaded> loaded; // guarded by this

  ModelFiles(ModelsSettings settings) {
    this.directory = settings.directory();
    this.loaded =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Loaded> eldest) {
            return size() > settings.models();
          }
        };
  }

  private record Loaded(FileTime time, long bytes, Predictor predictor) {}

  /**
   * A model.
   *
   * @throws IllegalArgumentException if there is none of the id, or it is of no use
   */
  Predictor model(String id) {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "model '" + id + "' is not 1 to 64 letters, digits, dots, - and _");
    }
    Path file = directory.resolve(id + ".tribuo");
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      synchronized (this) {
        Loaded known = loaded.get(id);
        if (known != null
            && known.time.equals(now.lastModifiedTime())
            && known.bytes == now.size()) {
          return known.predictor;
        }
      }
      Predictor predictor = read(id, file, now.size());
      synchronized (this) {
        loaded.put(id, new Loaded(now.lastModifiedTime(), now.size(), predictor));
      }
      return predictor;
    } catch (IOException e) {
      throw new IllegalArgumentException("model '" + id + "' cannot be read: " + e, e);
    }
  }

  private static Predictor read(String id, Path file, long bytes) throws IOException {
    if (bytes > MAX_BYTES) {
      throw new IOException(bytes + " bytes, at most " + MAX_BYTES + " are read");
    }
    Model<?> model;
    try {
      model = Model.deserializeFromFile(file);
    } catch (IOException | RuntimeException e) {
      throw new IOException("not a model in Tribuo's protobuf format: " + e.getMessage(), e);
    }
    LOG.info("event=model-loaded model={} bytes={} type={}", id, bytes, model.getName());
    return Predictor.of(model);
  }
}
