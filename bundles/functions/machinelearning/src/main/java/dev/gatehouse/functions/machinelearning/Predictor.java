package dev.gatehouse.functions.machinelearning;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.json.Json;
import java.util.Map;
import org.tribuo.Example;
import org.tribuo.ImmutableFeatureMap;
import org.tribuo.Model;
import org.tribuo.Output;
import org.tribuo.Prediction;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.impl.ArrayExample;
import org.tribuo.regression.RegressionFactory;
import org.tribuo.regression.Regressor;

/** A model that answers in the form of the guide. Safe for many threads. */
interface Predictor {

  /**
   * Predicts.
   *
   * @param record members are features: a number has its value, a Boolean 0 or 1, another one as a
   *     text the value 1 under {@code name@text}
   * @throws IllegalArgumentException if the model knows none of them
   */
  ObjectNode predict(ObjectNode record);

  /**
   * Of a classification or a regression in one dimension.
   *
   * @throws IllegalArgumentException if it is another
   */
  static Predictor of(Model<?> model) {
    if (model.validate(Label.class)) {
      Model<Label> labels = model.castModel(Label.class);
      String type = labels.getOutputIDInfo().size() == 2 ? "BINARY" : "MULTICLASS";
      return record -> labels(labels, record, type);
    }
    if (model.validate(Regressor.class) && model.getOutputIDInfo().size() == 1) {
      Model<Regressor> numbers = model.castModel(Regressor.class);
      return record -> number(numbers, record);
    }
    throw new IllegalArgumentException(
        "the model is neither a classification nor a regression of one value");
  }

  private static ObjectNode labels(Model<Label> model, ObjectNode record, String type) {
    Prediction<Label> prediction =
        model.predict(example(model, record, LabelFactory.UNKNOWN_LABEL));
    ObjectNode answer = Json.object().put("predictedLabel", prediction.getOutput().getLabel());
    ObjectNode scores = answer.putObject("predictedScores");
    prediction.getOutputScores().forEach((label, score) -> scores.put(label, score.getScore()));
    return details(answer, type);
  }

  private static ObjectNode number(Model<Regressor> model, ObjectNode record) {
    Prediction<Regressor> prediction =
        model.predict(example(model, record, RegressionFactory.UNKNOWN_REGRESSOR));
    ObjectNode answer = Json.object().put("predictedValue", prediction.getOutput().getValues()[0]);
    return details(answer, "REGRESSION");
  }

  private static ObjectNode details(ObjectNode answer, String type) {
    answer.putObject("details").put("PredictiveModelType", type).put("Algorithm", "SGD");
    return answer;
  }

  private static <T extends Output<T>> Example<T> example(
      Model<T> model, ObjectNode record, T unknown) {
    ArrayExample<T> example = new ArrayExample<>(unknown);
    ImmutableFeatureMap known = model.getFeatureIDMap();
    for (Map.Entry<String, JsonNode> member : record.properties()) {
      JsonNode value = member.getValue();
      String name = member.getKey();
      if (value.isNumber() || value.isBoolean()) {
        double number = value.isBoolean() ? (value.booleanValue() ? 1 : 0) : value.doubleValue();
        add(example, known, name, number);
      } else if (!value.isNull()) {
        // an inner object is serialised, as the guide flattens it
        String text = value.isTextual() ? value.textValue() : value.toString();
        add(example, known, name + "@" + text, 1);
      }
    }
    if (example.size() == 0) {
      throw new IllegalArgumentException(
          "the model knows none of the record's members "
              + record.properties().stream().map(Map.Entry::getKey).toList());
    }
    return example;
  }

  private static <T extends Output<T>> void add(
      ArrayExample<T> example, ImmutableFeatureMap known, String name, double value) {
    if (known.get(name) != null) {
      example.add(name, value);
    }
  }
}
