package dev.gatehouse.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.audit.AuditTrail;
import dev.gatehouse.api.http.ApiModule;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.http.IotServices;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.DefaultAccount;
import dev.gatehouse.json.Json;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** The commands on certificates, CAs and policies make the calls that the API has. */
class CertificateCommandsTest {
  private static final Account ACCOUNT = new Account("123456789012", "us-east-1");

  @TempDir private Path directory;
  private final List<String> made = new ArrayList<>();
  private final Map<String, String> answers = new TreeMap<>();

  private ApiOperation operation(String name) {
    return new ApiOperation(
        name,
        IotServices.IOT,
        "GET",
        "/",
        "iot:" + name,
        request -> "*",
        1,
        request -> {
          made.add(name + told(request));
          String answer = answers.getOrDefault(name, "{}");
          return CompletableFuture.completedFuture(
              ApiResponse.json(answer.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
        });
  }

  private static String told(ApiRequest request) {
    String body = new String(request.body(), StandardCharsets.UTF_8);
    return " "
        + new TreeMap<>(request.pathParameters())
        + new TreeMap<>(request.query())
        + (body.equals("{}") ? "" : body);
  }

  /** A framework with one module and one account in it. */
  private BundleContext context() {
    List<ApiOperation> all =
        List.of(
                "CreateKeysAndCertificate",
                "RegisterCertificate",
                "RegisterCertificateWithoutCA",
                "ListCertificates",
                "ListCertificatesByCA",
                "ListOutgoingCertificates",
                "DescribeCertificate",
                "ListAttachedPolicies",
                "UpdateCertificate",
                "DeleteCertificate",
                "TransferCertificate",
                "CancelCertificateTransfer",
                "AcceptCertificateTransfer",
                "RejectCertificateTransfer",
                "GetRegistrationCode",
                "RegisterCACertificate",
                "UpdateCACertificate",
                "DeleteCACertificate",
                "CreatePolicy",
                "CreatePolicyVersion",
                "AttachPolicy",
                "DetachPolicy")
            .stream()
            .map(this::operation)
            .toList();
    ApiModule module =
        new ApiModule() {
          @Override
          public String name() {
            return "identity";
          }

          @Override
          public List<ApiOperation> operations() {
            return all;
          }
        };
    DefaultAccount account = () -> ACCOUNT;
    ServiceReference<?> modules = reference();
    ServiceReference<?> accounts = reference();
    return (BundleContext)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {BundleContext.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getServiceReference" -> arguments[0] == AuditTrail.class ? null : accounts;
                  case "getServiceReferences" -> List.of(modules);
                  case "getService" -> arguments[0] == modules ? module : account;
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private ServiceReference<?> reference() {
    return (ServiceReference<?>)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {ServiceReference.class},
            (proxy, method, arguments) -> null);
  }

  private void run(CallCommand command) throws Exception {
    command.context = context();
    command.execute();
  }

  private String file(String name, String text) throws Exception {
    return Files.writeString(directory.resolve(name), text).toString();
  }

  @Test
  void aCertificateAndItsKeyComeInTwoFilesForTheirOwnerOnly() throws Exception {
    answers.put(
        "CreateKeysAndCertificate",
        "{'certificateId': 'c', 'certificatePem': 'PEM', 'keyPair': {'PrivateKey': 'KEY'}}");
    CertCreateCommand command = new CertCreateCommand();
    command.prefix = directory.resolve("lamp").toString();
    command.active = true;
    run(command);
    assertThat(directory.resolve("lamp.pem")).hasContent("PEM");
    assertThat(directory.resolve("lamp.key")).hasContent("KEY");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("lamp.key"))))
        .isEqualTo("rw-------");
    assertThat(made).containsExactly("CreateKeysAndCertificate {}{setAsActive=true}");
    assertThatThrownBy(() -> run(command)).hasMessageContaining("is there already");
    command.prefix = "lamp";
    assertThatThrownBy(() -> run(command)).hasMessageContaining("not an absolute path");
    assertThat(made).hasSize(1);
  }

  @Test
  void certificatesAndCasAreRegisteredFromFiles() throws Exception {
    answers.put("RegisterCertificate", "{'certificateId': 'c'}");
    answers.put("RegisterCertificateWithoutCA", "{'certificateId': 'c'}");
    answers.put("RegisterCACertificate", "{'certificateId': 'c'}");
    CertRegisterCommand leaf = new CertRegisterCommand();
    leaf.file = file("leaf.pem", "LEAF");
    leaf.ca = file("ca.pem", "CA");
    run(leaf);
    leaf.ca = "";
    leaf.withoutCa = true;
    leaf.active = true;
    run(leaf);
    CaRegisterCommand ca = new CaRegisterCommand();
    ca.file = file("ca.pem", "CA");
    ca.proof = file("proof.pem", "PROOF");
    ca.auto = true;
    run(ca);
    assertThat(made)
        .containsExactly(
            "RegisterCertificate {}{}"
                + "{\"certificatePem\":\"LEAF\",\"status\":\"INACTIVE\",\"caCertificatePem\":\"CA\"}",
            "RegisterCertificateWithoutCA {}{}{\"certificatePem\":\"LEAF\",\"status\":\"ACTIVE\"}",
            "RegisterCACertificate {}{allowAutoRegistration=true, setAsActive=false}"
                + "{\"caCertificate\":\"CA\",\"verificationCertificate\":\"PROOF\"}");
    leaf.file = directory.resolve("none").toString();
    assertThatThrownBy(() -> run(leaf)).hasMessageContaining("there is no file");
  }

  @Test
  void changesNameWhatTheyChange() throws Exception {
    CertUpdateCommand update = new CertUpdateCommand();
    update.certificate = "c";
    update.status = "REVOKED";
    run(update);
    CertDeleteCommand delete = new CertDeleteCommand();
    delete.certificate = "c";
    delete.force = true;
    run(delete);
    CertTransferCommand transfer = new CertTransferCommand();
    transfer.certificate = "c";
    transfer.account = "210987654321";
    run(transfer);
    transfer.account = "";
    run(transfer);
    CertAcceptCommand accept = new CertAcceptCommand();
    accept.certificate = "c";
    run(accept);
    accept.reject = true;
    run(accept);
    CaUpdateCommand ca = new CaUpdateCommand();
    ca.ca = "a";
    ca.auto = "ENABLE";
    run(ca);
    assertThat(made)
        .containsExactly(
            "UpdateCertificate {certificateId=c}{newStatus=REVOKED}",
            "DeleteCertificate {certificateId=c}{forceDelete=true}",
            "TransferCertificate {certificateId=c}{targetAwsAccount=210987654321}"
                + "{\"transferMessage\":\"\"}",
            "CancelCertificateTransfer {certificateId=c}{}",
            "AcceptCertificateTransfer {certificateId=c}{setAsActive=false}",
            "RejectCertificateTransfer {certificateId=c}{}",
            "UpdateCACertificate {caCertificateId=a}{newAutoRegistrationStatus=ENABLE}");
  }

  @Test
  void aPolicyIsMadeFromAFileAndAttachedById() throws Exception {
    answers.put("CreatePolicy", "{'policyVersionId': '1'}");
    answers.put("CreatePolicyVersion", "{'policyVersionId': '2'}");
    answers.put("DescribeCertificate", "{'certificateDescription': {'certificateArn': 'arn:c'}}");
    PolicyCreateCommand create = new PolicyCreateCommand();
    create.policy = "p";
    create.file = file("p.json", "{}");
    run(create);
    create.version = true;
    run(create);
    PolicyAttachCommand attach = new PolicyAttachCommand();
    attach.policy = "p";
    attach.certificate = "c";
    run(attach);
    assertThat(made)
        .containsExactly(
            "CreatePolicy {policyName=p}{}{\"policyDocument\":\"{}\"}",
            "CreatePolicyVersion {policyName=p}{setAsDefault=true}{\"policyDocument\":\"{}\"}",
            "DescribeCertificate {certificateId=c}{}",
            "AttachPolicy {policyName=p}{}{\"target\":\"arn:c\"}");
  }

  @Test
  void listsReadAllPagesOldestFirst() throws Exception {
    answers.put(
        "ListCertificates",
        "{'certificates': [{'certificateId': 'c', 'status': 'ACTIVE', 'creationDate': 1}]}");
    run(new CertListCommand());
    assertThat(made).containsExactly("ListCertificates {}{isAscendingOrder=true, pageSize=250}");
    ObjectNode first = Json.object();
    first.putArray("certificates").addObject().put("certificateId", "d");
    answers.put("ListCertificates", Json.text(first));
    assertThat(new CertificateIds().names(CallCommand.calls(context()))).containsExactly("d");
  }
}
