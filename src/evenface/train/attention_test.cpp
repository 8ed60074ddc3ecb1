#include <gmock/gmock.h>

#include "evenface/core/error.h"
#include "evenface/core/file.h"
#include "evenface/core/scratch.h"
#include "evenface/table/table.h"
#include "evenface/train/sample_set.h"
#include "evenface/train/train.h"
#include "evenface/train/weighting.h"

namespace evenface::train {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using As = table::ColumnRequest::As;

const Context kContext{.threads = 1};

class Attention : public testing::Test {
 protected:
  Attention() {
    write_sample_set(data_, {.train = 400, .val = 200, .test = 100, .noise = 0.3, .harder_last = 0.6});
    baseline_ = sample_options(data_, scratch_ / "baseline");
    train(baseline_, kContext);
    attention_ = sample_options(data_, scratch_ / "attention");
    attention_.weighting = "validation-attention", attention_.feedback = baseline_.output;
  }
  std::string message_of(const TrainOptions& options) const {
    try {
      train(options, kContext);
    } catch (const InputError& e) {
      return e.what();
    }
    return "no error";
  }

  const Scratch scratch_;
  const fs::path data_ = scratch_ / "data";
  TrainOptions baseline_, attention_;
};

TEST_F(Attention, WeighsByTheBaselinesValidationRows) {
  const Examples examples = read_examples(data_, {}, {});
  const std::vector<balance::ClassCounts> feedback = read_feedback(baseline_.output, examples);

  // The same counts by another way: texts, joined by id.
  const table::Table p = table::TableReader::open(fs::path(baseline_.output) / "predictions" / "val.parquet")
                             .read({{"id", As::kText}, {"shape.predicted", As::kText}, {"tint.predicted", As::kText}});
  const table::Table m = table::TableReader::open(data_ / "manifest.parquet")
                             .read({{"id", As::kText}, {"label.shape", As::kText}, {"label.tint", As::kText}});
  std::map<std::string, std::pair<int, int>> expected;
  for (std::size_t i = 0; i < p.texts("id").size(); ++i)
    for (std::size_t k = 0; k < m.texts("id").size(); ++k)
      if (m.texts("id")[k] == p.texts("id")[i]) {
        const std::string shape = m.texts("label.shape")[k], tint = m.texts("label.tint")[k];
        auto& [rows, correct] = expected[shape + " " + tint];
        ++rows, correct += shape == p.texts("shape.predicted")[i] && tint == p.texts("tint.predicted")[i];
      }
  ASSERT_EQ(feedback.size(), 6u);
  for (std::size_t c = 0; c < 6; ++c) {
    EXPECT_EQ(feedback[c].rows, expected[examples.cell.levels[c]].first);
    EXPECT_EQ(feedback[c].correct, expected[examples.cell.levels[c]].second);
  }

  train(attention_, kContext);
  const table::Table w = table::TableReader::open(fs::path(attention_.output) / "weights.parquet")
                             .read({{"cell", As::kText}, {"weight"}, {"training_rows"}, {"feedback_correct"}});
  const std::vector<double> published = balance::validation_attention(feedback);
  double rows = 0, sum = 0;
  for (std::size_t c = 0; c < 6; ++c) {
    EXPECT_NEAR(w.reals("weight")[c] / w.reals("weight")[0], published[c] / published[0], 1e-12);
    rows += static_cast<double>(w.integers("training_rows")[c]);
    sum += static_cast<double>(w.integers("training_rows")[c]) * w.reals("weight")[c];
    EXPECT_EQ(w.integers("feedback_correct")[c], feedback[c].correct);
  }
  EXPECT_EQ(rows, 400);
  EXPECT_NEAR(sum, 400, 1e-9) << "mean 1 over training rows";
  EXPECT_GT(w.reals("weight")[4], w.reals("weight")[0]) << "square, the harder shape, weighs more";
}

TEST_F(Attention, ChangesTheModelAndNothingElse) {
  train(attention_, kContext);
  const std::string model = read_file(fs::path(attention_.output) / "model.safetensors");
  EXPECT_NE(model, read_file(fs::path(baseline_.output) / "model.safetensors"));
  TrainOptions changed = attention_;
  changed.weight_by = {"tint"};
  EXPECT_THAT(message_of(changed), HasSubstr("weight_by: [] there, [\"tint\"] now"));
}

TEST_F(Attention, EachSeedLearnsFromItsOwnBaseline) {
  baseline_.output = scratch_ / "baselines", baseline_.seeds = 2;
  train(baseline_, kContext);
  attention_.feedback = baseline_.output, attention_.seeds = 2;
  train(attention_, kContext);
  const Examples examples = read_examples(data_, {}, {});
  for (const char* seed : {"seed-1", "seed-2"}) {
    const auto feedback = read_feedback(fs::path(baseline_.output) / seed, examples);
    const table::Table w =
        table::TableReader::open(fs::path(attention_.output) / seed / "weights.parquet").read({{"feedback_correct"}});
    for (std::size_t c = 0; c < 6; ++c) EXPECT_EQ(w.integers("feedback_correct")[c], feedback[c].correct);
  }
  attention_.seeds = 3;
  EXPECT_THAT(message_of(attention_), HasSubstr("no run folder"));
}

TEST_F(Attention, RefusesFeedbackFromElsewhere) {
  attention_.feedback = scratch_ / "nowhere";
  EXPECT_THAT(message_of(attention_), HasSubstr("no run folder"));
  attention_.feedback = "";
  EXPECT_THAT(message_of(attention_), HasSubstr("learns from a finished run"));
  attention_.feedback = baseline_.output;
  // One more validation row: the baseline's validation rows are no longer those of the set.
  write_sample_set(data_, {.train = 400, .val = 201, .test = 99, .noise = 0.3, .harder_last = 0.6});
  EXPECT_THAT(message_of(attention_), HasSubstr("predicts 200 rows, the validation split has 201"));
  // As many, but one of them was for training: it must not be looked at.
  write_sample_set(data_, {.train = 401, .val = 200, .test = 99, .noise = 0.3, .harder_last = 0.6});
  EXPECT_THAT(message_of(attention_), HasSubstr("which is no validation row"));
}

TEST(WeighRows, MultipliesTheManifestsOwnWeights) {
  Examples e;
  e.ids = {"a", "b", "c", "d"};
  e.weights = {1, 3, 1, 1};
  e.train = {0, 1, 2}, e.val = {3};
  e.cell = {"cell", {"x", "y"}, {0, 0, 1, table::Factor::kMissing}};
  // x at 50 %, y at 100 %: weights 2^(1/2) and 2^(-1/2).
  const RowWeights w = weigh_rows(*weighting_named("validation-attention"), e, {{2, 1}, {2, 2}});
  const double scale = 3 / (4 * std::sqrt(2) + 1 / std::sqrt(2));
  EXPECT_THAT(w.rows,
              testing::ElementsAre(testing::DoubleEq(scale * std::sqrt(2)), testing::DoubleEq(scale * 3 * std::sqrt(2)),
                                   testing::DoubleEq(scale / std::sqrt(2)), testing::DoubleEq(scale)));
  EXPECT_THAT(w.training_rows, testing::ElementsAre(2, 1));
  EXPECT_THAT(weigh_rows(*weighting_named("uniform"), e, {}).rows,
              testing::Pointwise(testing::DoubleEq(), std::vector<double>{.6, 1.8, .6, .6}));
}

TEST(WeightingNamed, ListsWhatThereIs) {
  try {
    weighting_named("attention");
    FAIL();
  } catch (const InputError& e) {
    EXPECT_THAT(e.what(), HasSubstr("uniform, validation-attention"));
  }
}

}  // namespace
}  // namespace evenface::train
