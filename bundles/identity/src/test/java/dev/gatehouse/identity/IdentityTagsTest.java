package dev.gatehouse.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Arn;
import dev.gatehouse.api.tag.Tags;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityTagsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;
  private Booted booted;

  @BeforeEach
  void boot() throws Exception {
    booted = new Booted(directory);
  }

  @AfterEach
  void stop() {
    booted.close();
  }

  private Map<String, String> tags(String arn) {
    return booted
        .store
        .table(Tags.TABLE)
        .get(Tags.key(Booted.ACCOUNT, Arn.parse(arn)))
        .map(Tags::restored)
        .orElse(Tags.NONE)
        .values();
  }

  /** As the operations on tags look for it. */
  private boolean there(String prefix, String name) {
    String table = new IdentityTags().tables().get(prefix);
    byte[] key = (Booted.ACCOUNT + "\0" + name).getBytes(StandardCharsets.UTF_8);
    return booted.store.table(table).get(key).isPresent();
  }

  private static ObjectNode tagged(ObjectNode body, String key) {
    body.putArray("tags").addObject().put("Key", key).put("Value", "hall");
    return body;
  }

  private String policy(String tag) {
    ObjectNode body = JSON.createObjectNode().put("policyDocument", Booted.allow("iot:*"));
    return booted
        .call("CreatePolicy", tagged(body, tag).toString(), "path.policyName", "p")
        .get("policyArn")
        .asText();
  }

  @Test
  void aPolicyHasTheTagsThatItIsMadeWithUntilItIsDeleted() {
    String arn = policy("room");
    assertThat(tags(arn)).isEqualTo(Map.of("room", "hall"));
    assertThat(there("policy/", "p")).isTrue();
    booted.call(
        "CreatePolicyVersion",
        Booted.body("policyDocument", Booted.allow("iot:Connect")),
        "path.policyName",
        "p");
    booted.call("DeletePolicyVersion", "", "path.policyName", "p", "path.policyVersionId", "2");
    assertThat(tags(arn)).isEqualTo(Map.of("room", "hall"));
    booted.call("DeletePolicy", "", "path.policyName", "p");
    assertThat(tags(arn)).isEmpty();
    assertThat(there("policy/", "p")).isFalse();
  }

  @Test
  void nothingIsMadeWithTagsThatCanNotBe() {
    assertThatThrownBy(() -> policy("aws:room"))
        .isInstanceOf(ServiceException.class)
        .hasMessageContaining("aws:room");
    assertThat(there("policy/", "p")).isFalse();
  }

  @Test
  void aCaHasTheTagsThatItIsRegisteredWithUntilItIsDeleted() throws Exception {
    TestCa ca = TestCa.named("CN=Works CA,O=Home");
    String code = booted.call("GetRegistrationCode", "").get("registrationCode").asText();
    ObjectNode body =
        JSON.createObjectNode()
            .put("caCertificate", ca.pem())
            .put("verificationCertificate", ca.verification(code));
    String arn =
        booted
            .call("RegisterCACertificate", tagged(body, "works").toString())
            .get("certificateArn")
            .asText();
    String id = arn.substring(arn.lastIndexOf('/') + 1);
    assertThat(tags(arn)).isEqualTo(Map.of("works", "hall"));
    assertThat(there("cacert/", id)).isTrue();
    booted.call("DeleteCACertificate", "", "path.caCertificateId", id);
    assertThat(tags(arn)).isEmpty();
    assertThat(there("cacert/", id)).isFalse();
  }
}
