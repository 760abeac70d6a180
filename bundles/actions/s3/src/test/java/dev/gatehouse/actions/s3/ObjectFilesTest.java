package dev.gatehouse.actions.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ObjectFilesTest {
  private static final BucketName BUCKET = new BucketName("bucket");

  @TempDir Path directory;

  @Test
  void anObjectIsReplacedWhole() throws IOException {
    ObjectFiles files = new ObjectFiles(directory);
    put(files, "a/b", "a long first content");
    put(files, "a/b", "short");
    assertThat(directory.resolve("bucket/a/b")).hasContent("short");
    assertThat(directory.resolve(".incoming")).isEmptyDirectory();
  }

  @Test
  void manyThreadsMakeOneDirectoryAndAllTheirObjects() throws Exception {
    ObjectFiles files = new ObjectFiles(directory);
    int threads = 8;
    CyclicBarrier together = new CyclicBarrier(threads);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        String name = "n" + i;
        all.add(
            pool.submit(
                () -> {
                  for (int round = 0; round < 20; round++) {
                    together.await(30, TimeUnit.SECONDS);
                    put(files, "deep/" + round + "/x/" + name, name);
                  }
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get(60, TimeUnit.SECONDS);
      }
    } finally {
      pool.shutdownNow();
    }
    for (int round = 0; round < 20; round++) {
      Path made = directory.resolve("bucket/deep/" + round + "/x");
      assertThat(made.toFile().list()).hasSize(threads);
      assertThat(made.resolve("n3")).hasContent("n3");
    }
    assertThat(directory.resolve(".incoming")).isEmptyDirectory();
  }

  @Test
  void aFullDiskLeavesNoPartOfAnObjectAndWhatWasThereBefore() throws IOException {
    put(new ObjectFiles(directory), "k", "before");
    ObjectFiles full =
        new ObjectFiles(
            directory,
            path -> {
              Files.createFile(path);
              return FileChannel.open(Path.of("/dev/full"), StandardOpenOption.WRITE);
            });
    assertThatThrownBy(() -> put(full, "k", "after")).isInstanceOf(IOException.class);
    assertThat(directory.resolve("bucket/k")).hasContent("before");
    assertThat(directory.resolve(".incoming")).isEmptyDirectory();
  }

  @Test
  void whatAPowerCutLeftIsRemoved() throws IOException {
    Files.createDirectory(directory.resolve(".incoming"));
    Files.writeString(directory.resolve(".incoming/0"), "half");
    put(new ObjectFiles(directory), "k", "v");
    assertThat(directory.resolve(".incoming")).isEmptyDirectory();
    assertThat(directory.resolve("bucket/k")).hasContent("v");
  }

  @Test
  void aLinkOutOfTheBucketIsNotFollowed(@TempDir Path outside) throws IOException {
    Files.createDirectory(directory.resolve("bucket"));
    Files.createSymbolicLink(directory.resolve("bucket/link"), outside);
    ObjectFiles files = new ObjectFiles(directory);
    assertThatThrownBy(() -> put(files, "link/k", "v"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> put(files, "link", "v")).isInstanceOf(IllegalArgumentException.class);
    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void aKeyThatHasKeysBelowItIsNoObject() throws IOException {
    ObjectFiles files = new ObjectFiles(directory);
    put(files, "a/b", "v");
    assertThatThrownBy(() -> put(files, "a", "w"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'a'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/a", "a/", "a//b", "..", "a/../b", "./a", "a\u0000b", "a\nb"})
  void aKeyThatIsNoSafePathIsRefused(String key) {
    assertThatThrownBy(() -> ObjectKey.of(key)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void lengthsOfKeysAreInBytes() {
    assertThatThrownBy(() -> ObjectKey.of("ä".repeat(128)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("256");
    assertThatThrownBy(() -> ObjectKey.of("abcdefg/".repeat(128) + "a"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1025");
    assertThat(ObjectKey.of("..a/b c").segments()).containsExactly("..a", "b c");
  }

  private static void put(ObjectFiles files, String key, String content) throws IOException {
    files.put(BUCKET, ObjectKey.of(key), content.getBytes(UTF_8));
  }
}
