package dev.gatehouse.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.testkit.InMemoryStore;
import org.junit.jupiter.api.Test;

class SampleServiceTest {

  /** Red until the service has the operation. */
  @Test
  void anItemIsCreatedAndThenDescribed() {
    assertThat(new SampleService(new InMemoryStore()).operations())
        .as(
            "add CreateItem to SampleService.operations, call it here and assert that DescribeItem"
                + " answers what was created; give ResourceLawTest a call of it; bundles/registry"
                + " is a service to read first")
        .extracting(ApiOperation::name)
        .contains("CreateItem");
  }
}
