#!/usr/bin/env python3
"""Writes src/evenface/train/train_reference.h: what PyTorch computes for inputs
that the tests make by the same formula. Run from the repository's root:

    .venv/bin/python tests/reference/make_train_reference.py
"""

from pathlib import Path

import torch
from torch.nn.functional import cross_entropy

OUTPUT = Path("src/evenface/train/train_reference.h")


def wave(shape, phase):
    """x_i = sin(0.7 i + phase) in double, rounded to float: train_reference.h's wave()."""
    count = torch.Size(shape).numel()
    return torch.sin(0.7 * torch.arange(count, dtype=torch.float64) + phase).float().reshape(shape)


def schedule():
    parameter = torch.nn.Parameter(torch.zeros(1))
    optimiser = torch.optim.SGD([parameter], 3e-3)
    warm = torch.optim.lr_scheduler.LinearLR(optimiser, start_factor=1 / 4, end_factor=1, total_iters=3)
    cosine = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, T_max=16)
    both = torch.optim.lr_scheduler.SequentialLR(optimiser, [warm, cosine], milestones=[4])
    rates = []
    for _ in range(20):
        rates.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        both.step()
    return rates


def adamw():
    """Five steps on a matrix (decayed) and a vector (not), rates falling, gradients by formula."""
    matrix, vector = torch.nn.Parameter(wave((3, 4), 0.1)), torch.nn.Parameter(wave((5,), 0.2))
    optimiser = torch.optim.AdamW(
        [{"params": [matrix], "weight_decay": 0.1}, {"params": [vector], "weight_decay": 0.0}], fused=True
    )
    for step in range(5):
        matrix.grad, vector.grad = wave((3, 4), 1.0 + step), wave((5,), 2.0 + step)
        for group in optimiser.param_groups:
            group["lr"] = 0.05 / (1 + step)
        optimiser.step()
    return matrix.detach().flatten().tolist(), vector.detach().tolist()


def clipped():
    first, second = torch.nn.Parameter(torch.zeros(3, 4)), torch.nn.Parameter(torch.zeros(5))
    first.grad, second.grad = wave((3, 4), 1.0), wave((5,), 2.0)
    norm = torch.nn.utils.clip_grad_norm_([first, second], 0.5)
    return norm.item(), torch.cat([first.grad.flatten(), second.grad]).tolist()


def loss():
    """Two tasks of 3 and 2 classes over 6 rows, one label missing, unequal weights."""
    logits = (2 * wave((6, 5), 0.3)).requires_grad_(True)
    a, b = torch.tensor([0, 2, 1, -1, 2, 0]), torch.tensor([1, 0, 1, 1, 0, 0])
    weights = 1 + 0.5 * wave((6,), 0.4)
    results = []
    for smoothing in (0.0, 0.1):
        logits.grad = None
        rows = sum(
            cross_entropy(part, target, reduction="none", ignore_index=-1, label_smoothing=smoothing)
            for part, target in ((logits[:, :3], a), (logits[:, 3:], b))
        )
        value = (rows * weights).mean()
        value.backward()
        results.append((rows.detach().tolist(), value.item(), logits.grad.flatten().tolist()))
    return results


def heads():
    """The head without dropout: loss before each of three steps, then logits in evaluation."""
    model = torch.nn.Sequential(
        torch.nn.Linear(7, 4, bias=False), torch.nn.BatchNorm1d(4), torch.nn.ReLU(), torch.nn.Linear(4, 5)
    )
    with torch.no_grad():
        for i, parameter in enumerate((model[0].weight, model[3].weight, model[3].bias)):
            parameter.copy_(wave(parameter.shape, 0.5 + i))
    decayed = [p for p in model.parameters() if p.dim() > 1]
    plain = [p for p in model.parameters() if p.dim() == 1]
    optimiser = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}], lr=0.02, fused=True
    )
    features = (wave((6, 7), 0.6) - 0.1) / 2.0
    a, b = torch.tensor([0, 2, 1, -1, 2, 0]), torch.tensor([1, 0, 1, 1, 0, 0])
    weights, losses = 1 + 0.5 * wave((6,), 0.4), []
    for _ in range(3):
        logits = model(features)
        rows = cross_entropy(logits[:, :3], a, reduction="none", ignore_index=-1)
        value = ((rows + cross_entropy(logits[:, 3:], b, reduction="none")) * weights).mean()
        optimiser.zero_grad()
        value.backward()
        optimiser.step()
        losses.append(value.item())
    model.eval()
    return losses, model(features).detach().flatten().tolist()


def array(name, values, kind="float"):
    suffix = "f" if kind == "float" else ""
    form = "{:.9g}" if kind == "float" else "{:.17g}"
    text = [form.format(v) for v in values]
    text = [t if set(t) & set(".en") else t + ".0" for t in text]
    return f"inline constexpr {kind} {name}[] = {{{', '.join(t + suffix for t in text)}}};\n"


def main():
    matrix, vector = adamw()
    norm, gradients = clipped()
    (rows, plain, gradient), (smooth_rows, smooth, smooth_gradient) = loss()
    losses, logits = heads()
    text = f"""#pragma once
// Made by tests/reference/make_train_reference.py with PyTorch {torch.__version__.split("+")[0]}; don't edit.
#include <cmath>
#include <cstdint>
#include <vector>

namespace evenface::train::reference {{

/// x_i = sin(0.7 i + phase): the script's inputs.
inline std::vector<float> wave(std::int64_t count, double phase) {{
  std::vector<float> x;
  for (std::int64_t i = 0; i < count; ++i)
    x.push_back(static_cast<float>(std::sin(0.7 * static_cast<double>(i) + phase)));
  return x;
}}

"""
    text += array("kSchedule", schedule(), "double")
    text += array("kAdamwMatrix", matrix) + array("kAdamwVector", vector)
    text += f"inline constexpr double kGradientNorm = {norm:.9g};\n" + array("kClipped", gradients)
    text += array("kLossRows", rows) + array("kLoss", [plain, smooth]) + array("kLossGradient", gradient)
    text += array("kSmoothLossRows", smooth_rows) + array("kSmoothLossGradient", smooth_gradient)
    text += array("kHeadLosses", losses) + array("kHeadLogits", logits)
    OUTPUT.write_text(text + "\n}  // namespace evenface::train::reference\n")


if __name__ == "__main__":
    main()
