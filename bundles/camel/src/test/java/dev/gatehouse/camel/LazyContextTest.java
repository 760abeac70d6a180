package dev.gatehouse.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LazyContextTest {

  @Test
  void nothingRunsBeforeTheFirstUse() {
    try (LazyContext context = upperCase()) {
      assertThat(context.started()).isFalse();
    }
  }

  @Test
  void aRouteAnswersAfterTheFirstUse() {
    try (LazyContext context = upperCase()) {
      ProducerTemplate producer = context.context().createProducerTemplate();
      assertThat(producer.requestBody("direct:in", "on", String.class)).isEqualTo("ON");
      assertThat(context.started()).isTrue();
      assertThat(context.context()).isSameAs(context.context());
    }
  }

  @Test
  void aClosedContextStaysClosed() {
    LazyContext context = upperCase();
    context.context();
    context.close();
    assertThat(context.started()).isFalse();
    assertThatThrownBy(context::context).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void routesThatDoNotStartSaySo() {
    RouteBuilder broken =
        new RouteBuilder() {
          @Override
          public void configure() {
            from("nosuchscheme:in").to("log:out");
          }
        };
    try (LazyContext context = new LazyContext("broken", broken, Map.of())) {
      assertThatThrownBy(context::context)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("broken");
      assertThat(context.started()).isFalse();
    }
  }

  @Test
  void theFileComponentIsFound(@TempDir Path directory) {
    RouteBuilder toFile =
        new RouteBuilder() {
          @Override
          public void configure() {
            from("direct:in").to("file:" + directory + "?fileName=out.txt");
          }
        };
    try (LazyContext context = new LazyContext("file", toFile, Map.of())) {
      context.context().createProducerTemplate().sendBody("direct:in", "kept");
      assertThat(directory.resolve("out.txt")).hasContent("kept");
    }
  }

  private static LazyContext upperCase() {
    RouteBuilder routes =
        new RouteBuilder() {
          @Override
          public void configure() {
            from("direct:in").transform(simple("${body.toUpperCase()}"));
          }
        };
    return new LazyContext("test", routes, Map.of());
  }
}
