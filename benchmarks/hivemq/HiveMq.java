import com.hivemq.embedded.EmbeddedExtension;
import com.hivemq.embedded.EmbeddedHiveMQ;
import com.hivemq.extension.sdk.api.ExtensionMain;
import com.hivemq.extension.sdk.api.auth.SimpleAuthenticator;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthInput;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthOutput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartOutput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopOutput;
import com.hivemq.extension.sdk.api.services.Services;
import com.hivemq.extension.sdk.api.services.builder.Builders;
import java.nio.file.Path;

/** HiveMQ CE as a process: configuration, data and extensions lie in the folder that is given. */
public final class HiveMq implements ExtensionMain, SimpleAuthenticator {
  public static void main(String[] arguments) {
    Path home = Path.of(arguments[0]);
    EmbeddedExtension rights =
        EmbeddedExtension.builder()
            .withId("bench")
            .withName("bench")
            .withVersion("1")
            .withExtensionMain(new HiveMq())
            .build();
    EmbeddedHiveMQ broker =
        EmbeddedHiveMQ.builder()
            .withConfigurationFolder(home.resolve("conf"))
            .withDataFolder(home.resolve("data"))
            .withExtensionsFolder(home.resolve("extensions"))
            .withEmbeddedExtension(rights)
            .build();
    broker.start().join();
    System.out.println("ready");
  }

  @Override
  public void extensionStart(ExtensionStartInput input, ExtensionStartOutput output) {
    Services.securityRegistry().setAuthenticatorProvider(ignored -> this);
  }

  @Override
  public void extensionStop(ExtensionStopInput input, ExtensionStopOutput output) {
    // The process ends with it.
  }

  @Override
  public void onConnect(SimpleAuthInput input, SimpleAuthOutput output) {
    output.getDefaultPermissions().add(Builders.topicPermission().topicFilter("bench/#").build());
    output.authenticateSuccessfully();
  }
}
