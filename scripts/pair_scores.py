#!/usr/bin/env python3
"""Scores the consensus engine on pairs of recorded answers: conflict (precision, recall, F1) and agreement (AUROC).

    scripts/pair_scores.py PAIRS.jsonl[.gz] ... [--program target/release/dissent] [--folds 5] [--worst 20] [--kinds]

Each pair {"id", "a", "b", "label": "agree" | "conflict", "q"?, "group"?} becomes a Case with the models `a` and `b`
and goes through `dissent compare --jsonl`. A pair is said to conflict when `contradictions` is not empty; an agreement
of null counts as 0. Folds keep the pairs of one group together and show how far the figures spread.
"""

import argparse
import collections
import gzip
import hashlib
import json
import re
import subprocess


def lines(path):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def verdicts(pairs, program):
    """One verdict a pair, in order."""
    cases = "".join(
        json.dumps(
            {
                "id": pair["id"],
                "question": pair.get("q", ""),
                "answers": [{"model": "a", "text": pair["a"]}, {"model": "b", "text": pair["b"]}],
            }
        )
        + "\n"
        for pair in pairs
    )
    done = subprocess.run([*program, "compare", "--jsonl", "-"], input=cases.encode(), stdout=subprocess.PIPE, check=True)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [verdict["id"] for verdict in found] == [pair["id"] for pair in pairs], "verdicts are not in order"
    return found


def auroc(scores):
    """Chance that a positive scores above a negative, ties counting half; scores are (value, is_positive)."""
    ordered = sorted(scores)
    n_positive = sum(positive for _, positive in ordered)
    n_negative = len(ordered) - n_positive
    if not n_positive or not n_negative:
        return float("nan")
    rank_sum, start = 0.0, 0
    while start < len(ordered):
        end = start
        while end < len(ordered) and ordered[end][0] == ordered[start][0]:
            end += 1
        rank_sum += (start + end + 1) / 2 * sum(positive for _, positive in ordered[start:end])
        start = end
    return (rank_sum - n_positive * (n_positive + 1) / 2) / (n_positive * n_negative)


def score(rows):
    said = collections.Counter((bool(verdict["contradictions"]), pair["label"] == "conflict") for pair, verdict in rows)
    right, wrong, missed = said[True, True], said[True, False], said[False, True]
    precision = right / (right + wrong) if right + wrong else float("nan")
    recall = right / (right + missed) if right + missed else float("nan")
    f1 = 2 * right / (2 * right + wrong + missed) if right else 0.0
    agreement = auroc([(verdict["agreement"] or 0.0, pair["label"] == "agree") for pair, verdict in rows])
    return precision, recall, f1, agreement


def show(name, rows):
    precision, recall, f1, agreement = score(rows)
    print(f"{name:<28} n {len(rows):5}  precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}  AUROC {agreement:.3f}")


def fold_of(pair, n_folds):
    return hashlib.sha256(pair.get("group", pair["id"]).encode()).digest()[0] % n_folds


def words(text):
    return set(re.findall(r"\w+", text.lower()))


def rule_of(pair, verdict):
    """The rule that spoke, or what kept every rule silent, as far as the verdict tells."""
    if verdict["contradictions"]:
        return verdict["contradictions"][0]["kind"]
    if any(response["refusal"] for response in verdict["responses"]):
        return "silent: a refusal casts no vote"
    if verdict["agreement"] is None:
        return "silent: nothing to compare"
    finals = [words(response["final_answer"] or "") for response in verdict["responses"]]
    if finals[0] and finals[1] and (finals[0] <= finals[1] or finals[1] <= finals[0]):
        return "silent: the same short answer"
    if (finals[0] and finals[0] <= words(pair["b"])) or (finals[1] and finals[1] <= words(pair["a"])):
        return "silent: the other answer holds it"
    return "silent: too many words in common"


def show_kinds(rows):
    """How often each rule spoke and was right, or was silent and wrong."""
    rules = collections.Counter((rule_of(pair, verdict), pair["label"] == "conflict") for pair, verdict in rows)
    for rule in sorted({rule for rule, _ in rules}):
        conflicts, agreements = rules[rule, True], rules[rule, False]
        if rule.startswith("silent"):
            print(f"  {rule:<36} {conflicts + agreements:5}, {conflicts:4} conflicts missed")
        else:
            share = conflicts / (conflicts + agreements)
            print(f"  {rule:<36} {conflicts + agreements:5}, {agreements:4} false, {share:.3f} right")


def show_worst(rows, count):
    """False conflicts with the highest agreement, misses with the lowest."""
    value = lambda row: row[1]["agreement"] or 0.0
    false = [row for row in rows if row[1]["contradictions"] and row[0]["label"] == "agree"]
    missed = [row for row in rows if not row[1]["contradictions"] and row[0]["label"] == "conflict"]
    for title, chosen in (
        ("false conflicts", sorted(false, key=value, reverse=True)[:count]),
        ("missed conflicts", sorted(missed, key=value)[:count]),
    ):
        print(f"--- {title}")
        for pair, verdict in chosen:
            sides = [
                f"{found['kind']}: " + " | ".join(side["value"] for side in found["sides"])
                for found in verdict["contradictions"]
            ]
            print(f"{value((pair, verdict)):.2f} {rule_of(pair, verdict)} {sides}\n   q {pair.get('q', '')}\n   a {pair['a'][:240]!r}\n   b {pair['b'][:240]!r}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--program", default="target/release/dissent")
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--worst", type=int, default=0)
    parser.add_argument("--kinds", action="store_true")
    args = parser.parse_args()
    for path in args.files:
        pairs = lines(path)
        rows = list(zip(pairs, verdicts(pairs, args.program.split())))
        show(path.rsplit("/", 1)[-1].split(".")[0], rows)
        for fold in range(args.folds):
            show(f"  fold {fold + 1}", [row for row in rows if fold_of(row[0], args.folds) == fold])
        if args.kinds:
            show_kinds(rows)
        if args.worst:
            show_worst(rows, args.worst)


if __name__ == "__main__":
    main()
