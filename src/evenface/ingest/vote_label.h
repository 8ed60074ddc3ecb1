#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace evenface::ingest {

/// The rules by which annotators' votes make a label, as `label_rule` names them. All but argmax are those of
/// Barsoum et al. 2016 (arXiv 1608.01041) as their reader applies them: single votes are taken as slips and left
/// out, then
///   majority      the class with more than half of the votes;
///   probability   the most frequent classes until they hold 75 % of the votes, if these are three at most and
///                 hold more than half; the first of them is the label;
///   multi_target  all classes with 30 % of the votes or more, if they hold more than half; the most frequent.
/// argmax: the class with most votes, slips and what is no class left aside; where nobody chose a class the first, as
/// those who use this rule have it.
const std::vector<std::string>& vote_rules();

/// The class that a face's votes make by one of vote_rules(); of equally frequent ones the first. Nothing where
/// the rule finds none, or where most say that the face shows no class.
/// `votes`: per class how many annotators chose it, then per answer that is no class ("unknown"); `classes`: how
/// many of them are classes.
std::optional<std::int32_t> label_of_votes(std::span<const int> votes, std::size_t classes, const std::string& rule);

}  // namespace evenface::ingest
