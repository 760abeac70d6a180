package dev.gatehouse.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The few things that the store does to files, all in one directory. Everything goes through here,
 * so that tests can let any of it fail, or lose what was not synced.
 */
interface FileLayer {

  /** Opens a file for reading and writing, making it if absent. */
  Handle open(String name) throws IOException;

  /** The names of all files. */
  List<String> list() throws IOException;

  void delete(String name) throws IOException;

  /** Renames atomically, over an older file if there is one. */
  void rename(String from, String to) throws IOException;

  /** Makes creations, renames and deletions durable. */
  void syncDirectory() throws IOException;

  /** Bytes that can still be written. */
  long usableSpace() throws IOException;

  /** An open file. Positioned, so that readers and the one writer do not meet. */
  interface Handle extends Closeable {

    /** Writes all of the buffer. */
    void write(ByteBuffer bytes, long position) throws IOException;

    /** Reads until the buffer is full or the file ends; the number of bytes read. */
    int read(ByteBuffer into, long position) throws IOException;

    long size() throws IOException;

    void truncate(long size) throws IOException;

    /** Makes the content durable. */
    void sync() throws IOException;

    @Override
    void close() throws IOException;
  }
}
