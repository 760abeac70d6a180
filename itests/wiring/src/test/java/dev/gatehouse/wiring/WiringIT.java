package dev.gatehouse.wiring;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.options;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;
import static org.ops4j.pax.exam.CoreOptions.vmOptions;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.configureConsole;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.editConfigurationFilePut;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.karafDistributionConfiguration;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.keepRuntimeFolder;

import dev.gatehouse.api.http.ApiModule;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.rules.action.RuleActionType;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.apache.karaf.features.BootFinished;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/** How the bundles are wired, seen from within the distribution. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class WiringIT {
  private static final List<String> CONTRACTS_WITH_ONE_PROVIDER =
      List.of(
          "store.Store",
          "session.Sessions",
          "message.MessageBus",
          "identity.Authenticator",
          "identity.Authorizer",
          "identity.TlsIdentity",
          "identity.PolicyLanguage",
          "identity.PrincipalRights",
          "identity.Roles",
          "identity.Accounts",
          "identity.SigningKeys");

  private static final String ACTIONS = "gatehouse.actions";
  private static final Pattern ACTION = Pattern.compile("<module>(\\.\\./actions/(.+?))</module>");

  @Inject private BundleContext context;
  @Inject private ServiceComponentRuntime components;

  // What is injected has been waited for.
  @Inject private BootFinished started;

  /** The distribution as it is, on free ports. */
  @Configuration
  public Option[] distribution() throws IOException {
    List<Option> options = new ArrayList<>();
    options.addAll(
        Arrays.asList(
            options(
                karafDistributionConfiguration()
                    .frameworkUrl(
                        new File(System.getProperty("gatehouse.archive")).toURI().toString())
                    .karafVersion("4.4.10")
                    .name("Gatehouse")
                    .useDeployFolder(false)
                    .unpackDirectory(new File("target/exam")),
                keepRuntimeFolder(),
                configureConsole().ignoreLocalConsole().ignoreRemoteShell(),
                editConfigurationFilePut(
                    "etc/org.ops4j.pax.url.mvn.cfg",
                    "org.ops4j.pax.url.mvn.localRepository",
                    System.getProperty("local.repository")),
                editConfigurationFilePut("etc/dev.gatehouse.mqtt.cfg", "port", freePort()),
                editConfigurationFilePut("etc/dev.gatehouse.http.cfg", "port", freePort()),
                editConfigurationFilePut(
                    "etc/org.apache.karaf.shell.cfg", "sshPort", freePort()))));
    options.add(systemProperty(ACTIONS).value(String.join(",", actions())));
    for (String name : List.of("java.security", "java.net", "java.lang", "java.util")) {
      options.add(vmOptions("--add-opens", "java.base/" + name + "=ALL-UNNAMED"));
    }
    for (String name : List.of("file", "http", "https", "jar")) {
      options.add(
          vmOptions("--add-exports", "java.base/sun.net.www.protocol." + name + "=ALL-UNNAMED"));
    }
    return options.toArray(Option[]::new);
  }

  /** The bundles of actions of the one list that belong to every gateway. */
  private static Set<String> actions() throws IOException {
    Path list = Path.of(System.getProperty("gatehouse.list"));
    Set<String> names = new TreeSet<>();
    Matcher module = ACTION.matcher(Files.readString(list.resolve("pom.xml")));
    while (module.find()) {
      String feature = Files.readString(list.resolve(module.group(1)).resolve("feature.xml"));
      if (feature.contains("<feature name=\"gatehouse\">")) {
        names.add("dev.gatehouse.actions." + module.group(2));
      }
    }
    return names;
  }

  private static String freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return Integer.toString(socket.getLocalPort());
    }
  }

  private Stream<Bundle> ours() {
    return Arrays.stream(context.getBundles())
        .filter(bundle -> String.valueOf(bundle.getSymbolicName()).startsWith("dev.gatehouse."));
  }

  private Bundle bundle(String name) {
    return ours()
        .filter(bundle -> bundle.getSymbolicName().equals("dev.gatehouse." + name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  public void everyBundleIsActiveAndEveryComponentSatisfied() {
    assertTrue(ours().count() >= 14);
    List<String> idle =
        Arrays.stream(context.getBundles())
            .filter(bundle -> bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null)
            .filter(bundle -> bundle.getState() != Bundle.ACTIVE)
            .map(Bundle::getSymbolicName)
            .toList();
    assertEquals(List.of(), idle);
    Bundle[] bundles = ours().toArray(Bundle[]::new);
    Collection<ComponentDescriptionDTO> described = components.getComponentDescriptionDTOs(bundles);
    assertTrue(described.size() >= 12);
    for (ComponentDescriptionDTO component : described) {
      Collection<ComponentConfigurationDTO> instances =
          components.getComponentConfigurationDTOs(component);
      // what is off until somebody configures it has none
      int expected = component.configurationPolicy.equals("require") ? 0 : 1;
      assertEquals(component.name, expected, instances.size());
      for (ComponentConfigurationDTO instance : instances) {
        assertTrue(
            component.name + " is in state " + instance.state,
            (instance.state
                    & (ComponentConfigurationDTO.ACTIVE | ComponentConfigurationDTO.SATISFIED))
                != 0);
      }
    }
  }

  @Test
  public void everyContractHasOneProvider() throws InvalidSyntaxException {
    for (String contract : CONTRACTS_WITH_ONE_PROVIDER) {
      ServiceReference<?>[] providers =
          context.getAllServiceReferences("dev.gatehouse.api." + contract, null);
      assertEquals(contract, 1, providers == null ? 0 : providers.length);
    }
    assertEquals(
        "bundles with a rule action",
        new TreeSet<>(List.of(System.getProperty(ACTIONS).split(","))),
        context.getServiceReferences(RuleActionType.class, null).stream()
            .map(reference -> reference.getBundle().getSymbolicName())
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  private Set<String> operations() throws InvalidSyntaxException {
    Set<String> names = new TreeSet<>();
    for (ServiceReference<ApiModule> reference :
        context.getServiceReferences(ApiModule.class, null)) {
      ApiModule module = context.getService(reference);
      if (module != null) {
        module.operations().stream().map(ApiOperation::name).forEach(names::add);
        context.ungetService(reference);
      }
    }
    return names;
  }

  @Test
  public void operationsLeaveAndComeBackWithTheirBundleAlone() throws Exception {
    Set<String> before = operations();
    assertTrue(before.contains("CreateThing"));
    bundle("registry").stop();
    Set<String> without = operations();
    assertTrue(!without.contains("CreateThing") && without.contains("UpdateThingShadow"));
    List<String> idle =
        ours()
            .filter(bundle -> bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null)
            .filter(bundle -> bundle.getState() != Bundle.ACTIVE)
            .map(Bundle::getSymbolicName)
            .toList();
    assertEquals(List.of("dev.gatehouse.registry"), idle);
    bundle("registry").start();
    assertEquals(before, operations());
  }

  @Test
  public void apiIsExportedOnceAndImplementationsExportNothing() {
    assertEquals(
        1,
        Arrays.stream(context.getBundles())
            .filter(
                bundle ->
                    String.valueOf(bundle.getHeaders().get(Constants.EXPORT_PACKAGE))
                        .contains("dev.gatehouse.api.store"))
            .count());
    List<String> exporting =
        ours()
            .filter(
                bundle ->
                    !Set.of("dev.gatehouse.api", "dev.gatehouse.camel", "dev.gatehouse.edge")
                        .contains(bundle.getSymbolicName()))
            .filter(bundle -> bundle.getHeaders().get(Constants.EXPORT_PACKAGE) != null)
            .map(Bundle::getSymbolicName)
            .toList();
    assertEquals(List.of(), exporting);
  }
}
