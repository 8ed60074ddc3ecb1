#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "evenface/net/graph.h"

namespace evenface::net {

/// A dense array in row-major order, owned.
struct Tensor {
  std::vector<std::int64_t> shape;  ///< empty: a scalar
  std::variant<std::vector<float>, std::vector<std::int64_t>> values;

  const std::vector<float>& reals() const { return std::get<std::vector<float>>(values); }
  bool operator==(const Tensor&) const = default;
};

/// Named arrays and the file's `__metadata__`: a network's parameters, or a checkpoint.
struct Weights {
  std::map<std::string, Tensor> tensors;
  std::map<std::string, std::string> metadata;
};

/// Reads a safetensors file: F32 and I64 as they are, F16 and BF16 widened to F32.
/// Throws InputError naming the file and the tensor when the header is no JSON or
/// larger than 100 MB, a type is another, offsets leave the file, overlap, leave
/// gaps or do not fit the shape.
Weights read_safetensors(const std::filesystem::path& path);

/// The same from the bytes of a file; `name` is for messages.
Weights parse_safetensors(std::string_view bytes, const std::string& name);

/// Writes F32 and I64 tensors, whole or not at all. Equal weights give equal bytes.
void write_safetensors(const std::filesystem::path& path, const Weights& weights);

/// Throws InputError listing what is missing, unexpected or of another shape
/// unless the weights are those of the graph. Counts of batches may be missing.
void check_fit(const Graph& graph, const Weights& weights, const std::string& file);

/// Fresh weights: convolutions normal with variance 2 / fan-out (He et al. 2015),
/// linear layers uniform in +-1/sqrt(fan-in), batch norm the identity. Addressed by seed and name.
Weights initial_weights(const Graph& graph, std::uint64_t seed);

/// `published` for the backbone of `graph`, fresh weights for heads that it lacks;
/// what else it holds (the published classifier) is left out. Throws InputError
/// as check_fit() when the backbone does not fit.
Weights backbone_weights(const Graph& graph, const Weights& published, std::uint64_t seed, const std::string& file);

/// The file `<architecture>.safetensors` in $EVENFACE_MODELS, or in `models` beside,
/// above or two folders above the program's folder. Throws InputError with the
/// command that makes it when there is none.
std::filesystem::path find_weights(const std::string& architecture);

}  // namespace evenface::net
