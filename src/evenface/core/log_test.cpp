#include "evenface/core/log.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "evenface/core/file.h"
#include "evenface/core/scratch.h"

namespace evenface {
namespace {

TEST(RunLog, AppendsOneJsonObjectPerEvent) {
  const Scratch scratch;
  for (int epoch = 0; epoch < 2; ++epoch) RunLog(scratch.path()).event("epoch", {{"epoch", epoch}, {"loss", 0.5}});
  const std::string text = read_file(scratch / "log.jsonl");
  const auto first = nlohmann::json::parse(text.substr(0, text.find('\n')));
  const auto second = nlohmann::json::parse(text.substr(text.find('\n') + 1));
  EXPECT_EQ(first["event"], "epoch");
  EXPECT_EQ(first["time"].get<std::string>().size(), 24u);
  EXPECT_EQ(second["epoch"], 1);
}

}  // namespace
}  // namespace evenface
