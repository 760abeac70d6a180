package dev.gatehouse.iam.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals what must be known again but not be readable in the store or its backups: AES-256-GCM under
 * a key in a file of its own. A sealed value is a nonce of 12 bytes, then the ciphertext.
 */
public final class Seal {
  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final SecureRandom random = new SecureRandom();
  private final SecretKeySpec key;

  /**
   * Reads the key.
   *
   * @param sealing whether something is sealed already; if not, an absent key is made
   */
  public Seal(Path file, boolean sealing) throws IOException, GeneralSecurityException {
    if (!Files.exists(file)) {
      if (sealing) {
        throw new GeneralSecurityException(
            file + " is missing, which the access keys in the store are sealed with; restore it");
      }
      byte[] made = new byte[KEY_BYTES];
      random.nextBytes(made);
      SecretFiles.write(file, made);
    }
    byte[] bytes = Files.readAllBytes(file);
    if (bytes.length != KEY_BYTES) {
      throw new GeneralSecurityException(
          file
              + " is damaged: it has "
              + bytes.length
              + " bytes, not "
              + KEY_BYTES
              + "; restore it");
    }
    key = new SecretKeySpec(bytes, "AES");
  }

  /** Seals. */
  public byte[] close(byte[] secret) throws GeneralSecurityException {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(secret);
    byte[] value = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
    System.arraycopy(sealed, 0, value, NONCE_BYTES, sealed.length);
    return value;
  }

  /**
   * Opens.
   *
   * @throws GeneralSecurityException if it was not sealed with this key, or was changed
   */
  public byte[] open(byte[] value) throws GeneralSecurityException {
    if (value.length < NONCE_BYTES + TAG_BITS / 8) {
      throw new GeneralSecurityException(value.length + " bytes cannot be a sealed value");
    }
    return cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(value, NONCE_BYTES))
        .doFinal(value, NONCE_BYTES, value.length - NONCE_BYTES);
  }

  private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    return cipher;
  }
}
