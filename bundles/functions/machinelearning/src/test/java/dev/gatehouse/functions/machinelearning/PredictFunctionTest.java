package dev.gatehouse.functions.machinelearning;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.rules.function.FunctionSignature;
import dev.gatehouse.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tribuo.Example;
import org.tribuo.Model;
import org.tribuo.MutableDataset;
import org.tribuo.Output;
import org.tribuo.OutputFactory;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.sgd.linear.LogisticRegressionTrainer;
import org.tribuo.impl.ArrayExample;
import org.tribuo.math.optimisers.AdaGrad;
import org.tribuo.provenance.SimpleDataSourceProvenance;
import org.tribuo.regression.RegressionFactory;
import org.tribuo.regression.Regressor;
import org.tribuo.regression.sgd.linear.LinearSGDTrainer;
import org.tribuo.regression.sgd.objectives.SquaredLoss;

class PredictFunctionTest {
  private static final Account ACCOUNT = new Account("000000000000", "us-east-1");

  @TempDir Path directory;
  private PredictFunction function;

  @BeforeEach
  void start() {
    function = new PredictFunction(new ModelFiles(new ModelsSettings(directory, 2)));
  }

  @Test
  void classificationAnswersAsTheGuideSays() throws Exception {
    saveLabels("weather", "hot", "cold");
    JsonNode hot = predict("weather", "{\"temp\":35,\"place\":\"inside\",\"extra\":null}");
    assertThat(hot.path("predictedLabel").textValue()).isEqualTo("hot");
    assertThat(hot.path("predictedScores").path("hot").doubleValue()).isBetween(0.5, 1.0);
    assertThat(hot.path("predictedScores").path("cold").doubleValue()).isBetween(0.0, 0.5);
    assertThat(hot.path("details").toString())
        .isEqualTo("{\"PredictiveModelType\":\"BINARY\",\"Algorithm\":\"SGD\"}");
    assertThat(predict("weather", "{\"temp\":-10}").path("predictedLabel").textValue())
        .isEqualTo("cold");
  }

  @Test
  void threeLabelsAreMulticlass() throws Exception {
    saveLabels("weather", "hot", "cold", "odd");
    assertThat(
            predict("weather", "{\"temp\":35}")
                .path("details")
                .path("PredictiveModelType")
                .asText())
        .isEqualTo("MULTICLASS");
  }

  @Test
  void regressionAnswersAValue() throws Exception {
    saveRegression("load");
    JsonNode answer = predict("load", "{\"temp\":3}");
    assertThat(answer.path("predictedValue").doubleValue()).isBetween(6.0, 8.0);
    assertThat(answer.path("details").path("PredictiveModelType").asText()).isEqualTo("REGRESSION");
    assertThat(answer.has("predictedLabel")).isFalse();
  }

  @Test
  void innerObjectsAreFlattenedByTheirText() throws Exception {
    MutableDataset<Label> data = dataset(new LabelFactory());
    for (int i = 0; i < 20; i++) {
      data.add(example(new Label("a"), "key1@{\"inner\":\"value1\"}", 1));
      data.add(example(new Label("b"), "key1@{\"inner\":\"value2\"}", 1));
    }
    save("nested", new LogisticRegressionTrainer().train(data));
    assertThat(
            predict("nested", "{\"key1\":{\"inner\":\"value2\"},\"key2\":0}")
                .path("predictedLabel")
                .textValue())
        .isEqualTo("b");
  }

  @Test
  void modelIsReadAgainWhenItsFileChanges() throws Exception {
    saveLabels("weather", "hot", "cold");
    assertThat(predict("weather", "{\"temp\":35}").path("predictedLabel").asText())
        .isEqualTo("hot");
    saveLabels("weather", "warm", "cold");
    Files.setLastModifiedTime(directory.resolve("weather.tribuo"), FileTime.fromMillis(1));
    assertThat(predict("weather", "{\"temp\":35}").path("predictedLabel").asText())
        .isEqualTo("warm");
  }

  @Test
  void whatCanNotBePredictedSaysWhy() throws Exception {
    saveLabels("weather", "hot", "cold");
    Files.writeString(directory.resolve("bad.tribuo"), "no model");
    assertFails("weather", "{\"other\":1}", "none of the record's members [other]");
    assertFails("weather", "[1]", "the record must be a JSON object");
    assertFails("none", "{}", "model 'none' cannot be read");
    assertFails("bad", "{}", "not a model");
    assertFails("../weather", "{}", "model '../weather' is not");
    assertThat(function.functions())
        .containsExactly(
            new FunctionSignature(
                "machinelearning_predict", 3, 3, FunctionSignature.Role.SECOND, false, false));
  }

  private void assertFails(String model, String record, String reason) {
    assertThatThrownBy(() -> predict(model, record))
        .isInstanceOf(ExecutionException.class)
        .hasMessageContaining(reason);
  }

  private JsonNode predict(String model, String record) throws Exception {
    List<byte[]> arguments = new ArrayList<>();
    arguments.add(("\"" + model + "\"").getBytes(UTF_8));
    arguments.add("\"arn:aws:iam::000000000000:role/r\"".getBytes(UTF_8));
    arguments.add(record.getBytes(UTF_8));
    return Json.parse(
        function.call(ACCOUNT, "machinelearning_predict", arguments).toCompletableFuture().get());
  }

  private void saveLabels(String id, String hot, String cold, String... others) throws IOException {
    MutableDataset<Label> data = dataset(new LabelFactory());
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      data.add(example(new Label(hot), "temp", 25 + random.nextInt(20)));
      data.add(example(new Label(cold), "temp", -random.nextInt(20)));
    }
    for (String other : others) {
      data.add(example(new Label(other), "place@outside", 1));
    }
    save(id, new LogisticRegressionTrainer().train(data));
  }

  private void saveRegression(String id) throws IOException {
    MutableDataset<Regressor> data = dataset(new RegressionFactory());
    for (int i = 0; i < 400; i++) {
      double x = i % 10;
      data.add(example(new Regressor("load", 2 * x + 1), "temp", x));
    }
    save(id, new LinearSGDTrainer(new SquaredLoss(), new AdaGrad(1, 0.1), 50, 1L).train(data));
  }

  private static <T extends Output<T>> MutableDataset<T> dataset(OutputFactory<T> factory) {
    return new MutableDataset<>(new SimpleDataSourceProvenance("test", factory), factory);
  }

  private static <T extends Output<T>> Example<T> example(T output, String name, double value) {
    ArrayExample<T> example = new ArrayExample<>(output);
    example.add(name, value);
    example.add("bias", 1);
    return example;
  }

  private void save(String id, Model<?> model) throws IOException {
    model.serializeToFile(directory.resolve(id + ".tribuo"));
  }
}
