#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "evenface/ingest/vote_label.h"
#include "evenface/table/table.h"

namespace evenface::ingest {

/// What to import and how. `layout`, `source` and `output` are required.
struct IngestOptions {
  std::string layout, source, output;
  std::string root;
  std::string name, licence, citation, consent;
  std::vector<std::string> column, levels;
  std::vector<std::string> missing = table::missing_texts();
  std::string task = "class";
  std::string label_rule = "majority";
  std::string default_split, test_from, val_from;
  double test_share = 0.5, val_share = 0.5;
  std::int64_t split_seed = 1;
  std::vector<std::string> stratify;
  double max_bad = 0.01;
  bool verify = true;
  std::int64_t limit = 0;

  template <class V>
  static void fields(V& v) {
    using O = IngestOptions;
    const std::vector<std::string> from = {"", "train", "val"}, splits = {"", "train", "val", "test"};
    v(&O::layout, "layout", {.help = "how the source is laid out: fairface, ferplus, imagefolder, csv"});
    v(&O::source, "source", {.help = "folder, or table file for csv"});
    v(&O::output, "output", {.help = "data set folder to write"});
    v(&O::root, "root", {.help = "folder that image paths are relative to; by default the source's folder"});
    v(&O::name, "name", {.help = "name of the data set; by default the layout's or the folder's"});
    v(&O::licence, "licence", {.help = "licence of the pictures, as reports shall show it"});
    v(&O::citation, "citation", {.help = "what to cite, as reports shall show it"});
    v(&O::consent, "consent", {.help = "consent basis of the people shown, as far as known"});
    v(&O::column, "column",
      {.help = "where a column comes from, as target=source: label.race=ethnicity, image=faces/{id}.jpg, "
               "votes.emotion=votes_* (a column for each class); repeat it"});
    v(&O::levels, "levels", {.help = "the allowed levels in order, as label.race=White|Black; repeat it"});
    v(&O::missing, "missing", {.help = "texts that mean a missing value, beside the empty one"});
    v(&O::task, "task", {.help = "what class folders are a label of, e.g. emotion"});
    v(&O::label_rule, "label_rule",
      {.help = "how annotators' votes make a label (ferplus): majority, probability (of the most frequent classes), "
               "multi_target (of all frequent ones), argmax",
       .choices = vote_rules()});
    v(&O::default_split, "default_split", {.help = "split of rows that name none", .choices = splits});
    v(&O::test_from, "test_from", {.help = "split that a part is taken from to become test", .choices = from});
    v(&O::test_share, "test_share", {.help = "share of test_from that becomes test", .min = 0, .max = 1});
    v(&O::val_from, "val_from", {.help = "split that a part is taken from to become val", .choices = from});
    v(&O::val_share, "val_share", {.help = "share of val_from that becomes val", .min = 0, .max = 1});
    v(&O::split_seed, "split_seed", {.help = "seed of every split and sample made here", .min = 0});
    v(&O::stratify, "stratify",
      {.help = "labels or attributes whose crossing keeps its shares in a split made here; by default the layout's"});
    v(&O::max_bad, "max_bad",
      {.help = "share of rows that may be quarantined before the import stops", .min = 0, .max = 1});
    v(&O::verify, "verify", {.help = "decode every picture, so that a damaged one is found now"});
    v(&O::limit, "limit", {.help = "at most this many rows of each split, drawn by the seed; 0 means all", .min = 0});
  }
};

}  // namespace evenface::ingest
