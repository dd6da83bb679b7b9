"""The measurements. Each takes the stage and gives figures."""

from __future__ import annotations

from statistics import median
from typing import Any

from benchmarks.figures import Figure, percentile, ratio_of_rounds
from benchmarks.stage import Stage, resident_kb, run_load

Json = dict[str, Any]
MORE_MS = 30


def roundtrip(stage: Stage, quick: bool) -> list[Figure]:
    """From a visitor's socket to the operator's, beside a bare group echo."""
    figures = []
    # With one conversation a message each 2 s would be a handful of samples: it talks quicker, still one at a time.
    for conversations, interval, rounds, seconds in ((1, 0.1, 2, 8), (100, 2.0, 3, 14), (500, 2.0, 2, 10)):
        if quick:
            rounds, seconds = 1, 4
        late: dict[str, list[list[float]]] = {"bare": [], "ours": []}
        missing, generator = {"bare": 0, "ours": 0}, 0.0
        for _ in range(rounds):
            for kind in ("bare", "ours"):
                cast = stage.cast(conversations)
                plan = {
                    "mode": "roundtrip", "kind": kind, "url": stage.base_url(kind), "interval": interval, "warm": min(2, interval * 5),
                    "seconds": seconds, "receipts": kind == "ours", **cast.plan(),
                }  # fmt: skip
                result = run_load(plan)
                late[kind].append(result["delays"])
                missing[kind] += result["missing"]
                generator = max(generator, result["generator"])
        for share in (50, 95, 99):
            ours = [percentile(r, share / 100) for r in late["ours"]]
            bare = [percentile(r, share / 100) for r in late["bare"]]
            more = median(a - b for a, b in zip(ours, bare, strict=True))
            demanded = conversations == 100 and share == 95
            figures.append(
                Figure(
                    f"round trip p{share}, {conversations} open",
                    median(ours), "ms", median(bare), ratio_of_rounds(ours, bare),
                    f"<= ceiling + {MORE_MS} ms" if demanded else None,
                    more <= MORE_MS and not missing["ours"] if demanded else None,
                    (f"{more:+.1f} ms over the echo; {sum(map(len, late['ours']))} messages, {missing['ours']} missing; "
                     f"load generator at most {generator:.0%} of a core") if share == 95 else "",
                )
            )  # fmt: skip
    return figures


def throughput(stage: Stage, quick: bool) -> list[Figure]:
    """Stored and acknowledged messages, 100 sockets that wait for each acknowledgement."""
    rounds, seconds = (1, 3) if quick else (5, 4)
    kinds = ["store", "ours", "store-orm", "watched"]
    rates: dict[str, list[float]] = {kind: [] for kind in kinds}
    generator = 0.0
    for _ in range(rounds):
        for kind in kinds:
            cast = stage.cast(100, per_operator=5)
            # Unwatched, it is what the bare consumer does: store and acknowledge. Watched, operators read each message too.
            operators = cast.plan()["operators"] if kind == "watched" else []
            side = "ours" if kind in ("ours", "watched") else "bare"
            plan = {
                "mode": "throughput", "kind": kind.replace("watched", "ours"), "url": stage.base_url(side), "warm": 1,
                "seconds": seconds, **cast.plan(), "operators": operators,
            }  # fmt: skip
            result = run_load(plan)
            rates[kind].append(result["rate"])
            generator = max(generator, result["generator"])
    ratio = ratio_of_rounds(rates["ours"], rates["store"])
    against_orm = ratio_of_rounds(rates["ours"], rates["store-orm"])
    watched = ratio_of_rounds(rates["watched"], rates["store"])
    return [
        Figure(
            "acknowledged messages, 100 sockets", median(rates["ours"]), "1/s", median(rates["store"]), ratio, ">= 0.5",
            ratio >= 0.5, f"against raw SQL in the bare consumer; load generator at most {generator:.0%} of a core",
        ),
        Figure(
            "the same, bare consumer by ORM", median(rates["ours"]), "1/s", median(rates["store-orm"]), against_orm,
        ),
        Figure(
            "the same, with 20 operators reading", median(rates["watched"]), "1/s", median(rates["store"]), watched,
            None, None, "the bare consumer tells nobody; here each message is read from the database and sent once more",
        ),
    ]  # fmt: skip


MEASURES = {"roundtrip": roundtrip, "throughput": throughput}
