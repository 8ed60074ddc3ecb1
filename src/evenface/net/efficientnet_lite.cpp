#include "evenface/net/architectures.h"
#include "evenface/net/builder.h"

namespace evenface::net {
namespace {

constexpr double kEpsilon = 1e-3;

Window same(std::int64_t size, std::int64_t stride = 1) {
  return {.size = size, .stride = stride, .pad = 0, .padding = Padding::kSame};
}

int norm_relu6(Builder& net, int from, const std::string& name) {
  return net.activation(net.batch_norm(from, name, kEpsilon), Op::kRelu6, name + ".act");
}

int depthwise(Builder& net, int from, const std::string& name, Window window) {
  return net.conv(from, name, net.channels(from), window, net.channels(from));
}

/// Depthwise convolution, then a linear projection.
int separable_block(Builder& net, int from, const std::string& name, std::int64_t channels, Window window) {
  int x = norm_relu6(net, depthwise(net, from, name + ".conv_dw", window), name + ".bn1");
  x = net.conv(x, name + ".conv_pw", channels, same(1));
  return net.batch_norm(x, name + ".bn2", kEpsilon);
}

/// Expansion by 6, depthwise convolution, linear projection; beside a shortcut where the shape stays
/// (inverted residual, Sandler et al. 2018).
int inverted_residual(Builder& net, int from, const std::string& name, std::int64_t channels, Window window) {
  constexpr std::int64_t kExpansion = 6;
  int x = net.conv(from, name + ".conv_pw", net.channels(from) * kExpansion, same(1));
  x = norm_relu6(net, x, name + ".bn1");
  x = norm_relu6(net, depthwise(net, x, name + ".conv_dw", window), name + ".bn2");
  x = net.batch_norm(net.conv(x, name + ".conv_pwl", channels, same(1)), name + ".bn3", kEpsilon);
  const bool keeps_shape = window.stride == 1 && net.channels(from) == channels;
  return keeps_shape ? net.add(x, from, name + ".add") : x;
}

struct BlockGroup {
  int repeats;
  std::int64_t size, stride, channels;
};

}  // namespace

Graph efficientnet_lite0(std::int64_t classes) {
  // Tan & Le 2019, table 1, without squeeze-and-excitation.
  constexpr BlockGroup kGroups[] = {{2, 3, 2, 24},  {2, 5, 2, 40},  {3, 3, 2, 80},
                                    {3, 5, 1, 112}, {4, 5, 2, 192}, {1, 3, 1, 320}};
  Builder net("efficientnet_lite0", 224, {{0.5f, 0.5f, 0.5f}, {0.5f, 0.5f, 0.5f}});
  int x = norm_relu6(net, net.conv(net.input(), "conv_stem", 32, same(3, 2)), "bn1");
  net.end_stage("stem");
  x = separable_block(net, x, "blocks.0.0", 16, same(3));
  net.end_stage("blocks.0");

  int index = 1;
  for (const BlockGroup& group : kGroups) {
    const std::string name = "blocks." + std::to_string(index++);
    for (int i = 0; i < group.repeats; ++i)
      x = inverted_residual(net, x, name + "." + std::to_string(i), group.channels,
                            same(group.size, i == 0 ? group.stride : 1));
    net.end_stage(name);
  }

  x = norm_relu6(net, net.conv(x, "conv_head", 1280, same(1)), "bn2");
  net.features(x);
  net.end_stage("conv_head");
  return net.finish("classifier", classes);
}

}  // namespace evenface::net
