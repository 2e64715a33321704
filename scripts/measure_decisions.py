#!/usr/bin/env python3
"""Measures what the consensus engine decides on recorded answers that people or rules have called right or wrong.

    scripts/measure_decisions.py CASES.jsonl[.gz][:TOP] ... [--program target/release/dissent] [--beside OTHER_PROGRAM]
                                 [--seed 1] [--folds 5] [--cells] [--subsets] [--limit N] [--worst N]

`:5` after a file takes the five models that are right most often on it. The answers of each Case are shuffled, so that
no model gains by standing first. For each file:

    error           wrong, of all questions, with every question answered: without a prior (`plain`), and with each
                    model's share of right answers on the other folds as its reliability (`priors`); a null label is left out
    best single     the model that is right most often, alone
    -66 %, -80 %    the most questions that can be answered, surest first, with so much less error, of all, than the best single
    flags           flagged or not as the verdict says: coverage, wrong and unflagged, right but flagged, always together
    AUROC, ECE      of the confidence as stated; null counts as 0 in the former, and is left out of the latter
    carried         ECE where the confidence is refitted, cell by cell, on the other files: what a new kind of question meets
    --cells         the same by answer type and number of votes
    --subsets       never worse: every 2 to 5 of the models, reliabilities given, against the best single of them, with
                    the interval of a paired bootstrap over questions
"""

import argparse
import collections
import gzip
import hashlib
import itertools
import json
import math
import random
import subprocess


def lines(path):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def fold_of(case, n_folds):
    return hashlib.sha256(str(case["id"]).encode()).digest()[0] % n_folds


def accuracies(cases):
    """Share of right answers by model, of those that have a label."""
    right, n = collections.Counter(), collections.Counter()
    for case in cases:
        for answer in case["answers"]:
            if answer.get("correct") is not None:
                n[answer["model"]] += 1
                right[answer["model"]] += answer["correct"]
    return {model: right[model] / n[model] for model in n}


def load(spec, limit):
    """Name and Cases, with the best models alone where so many are named; every answer of a Case has a label."""
    path, _, top = spec.partition(":")
    cases = lines(path)
    by_accuracy = sorted(accuracies(cases).items(), key=lambda it: -it[1])
    models = {model for model, _ in by_accuracy[: int(top) if top else None]}
    for case in cases:
        case["answers"] = [answer for answer in case["answers"] if answer["model"] in models and answer.get("correct") is not None]
    kept = [case for case in cases if len(case["answers"]) >= 2]
    name = path.rsplit("/", 1)[-1].split(".")[0] + (f" top {top}" if top else "")
    return name, sorted(kept, key=lambda case: hashlib.sha256(str(case["id"]).encode()).digest())[:limit] if limit else kept


def shuffled(cases, seed):
    mixed = []
    for case in cases:
        answers = list(case["answers"])
        random.Random(f"{seed} {case['id']}").shuffle(answers)
        mixed.append(case | {"answers": answers})
    return mixed


def with_priors(cases, n_folds):
    """Reliabilities from the other folds, an answer more of each sort so that none is certain."""
    by_fold = []
    for fold in range(n_folds):
        right, n = collections.Counter(), collections.Counter()
        for case in cases:
            if fold_of(case, n_folds) != fold:
                for answer in case["answers"]:
                    n[answer["model"]] += 1
                    right[answer["model"]] += answer["correct"]
        by_fold.append({model: (right[model] + 1) / (n[model] + 2) for model in n})
    return [case | {"reliability": {answer["model"]: by_fold[fold_of(case, n_folds)][answer["model"]] for answer in case["answers"]}} for case in cases]


def verdicts(cases, program):
    """One verdict a Case, in order."""
    keys = ("id", "question", "kind", "reliability")
    text = "".join(
        json.dumps({key: case[key] for key in keys if case.get(key) is not None} | {"answers": [{"model": it["model"], "text": it["text"]} for it in case["answers"]]}) + "\n"
        for case in cases
    )
    done = subprocess.run([*program, "compare", "--jsonl", "-"], input=text.encode(), stdout=subprocess.PIPE, check=True)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [verdict["id"] for verdict in found] == [str(case["id"]) for case in cases], "verdicts are not in order"
    return found


def is_right(case, verdict):
    return any(answer["model"] == verdict["answer_by"] and answer["correct"] for answer in case["answers"])


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


def ece(scores, n_bins=10):
    """Mean distance of what is stated from what came true, in bins of equal width; scores are (confidence, is_right)."""
    bins = collections.defaultdict(list)
    for confidence, right in scores:
        bins[min(int(confidence * n_bins), n_bins - 1)].append((confidence, right))
    off = sum(abs(sum(confidence for confidence, _ in it) - sum(right for _, right in it)) for it in bins.values())
    return off / len(scores) if scores else float("nan")


def coverage_at(scores, most_wrong):
    """The largest share that can be answered, surest first, with at most `most_wrong` wrong, of all; ties go in shares."""
    groups = collections.defaultdict(lambda: [0, 0])
    for confidence, right in scores:
        groups[confidence][0] += 1
        groups[confidence][1] += not right
    n, answered, wrong = len(scores), 0.0, 0.0
    for confidence in sorted(groups, reverse=True):
        size, bad = groups[confidence]
        if wrong + bad > most_wrong * n:
            return (answered + size * (most_wrong * n - wrong) / bad) / n
        answered, wrong = answered + size, wrong + bad
    return 1.0


def logit(p):
    p = min(max(p, 1e-6), 1 - 1e-6)
    return math.log(p / (1 - p))


def sigmoid(x):
    return 1 / (1 + math.exp(-x)) if x > -500 else 0.0


def platt(points, n_rounds=60):
    """Intercept and slope (not under 0) that make `sigmoid(a + b x)` likeliest, held lightly at (0, 1); Newton's method."""
    a, b = 0.0, 1.0
    for _ in range(n_rounds):
        ga, gb, haa, hab, hbb = -a * 0.5, -(b - 1) * 0.5, 0.5, 0.0, 0.5
        for x, right in points:
            p = sigmoid(a + b * x)
            w = p * (1 - p)
            ga, gb = ga + right - p, gb + (right - p) * x
            haa, hab, hbb = haa + w, hab + w * x, hbb + w * x * x
        det = haa * hbb - hab * hab
        da, db = (hbb * ga - hab * gb) / det, (haa * gb - hab * ga) / det
        a, b = a + da, max(b + db, 0.0)
        if abs(da) + abs(db) < 1e-8:
            break
    return a, b


def votes_word(n):
    return "2" if n <= 2 else "3" if n == 3 else "4-5" if n <= 5 else "6+"


def cell_of(case, verdict):
    """Answer type and number of votes, as the verdict says, or as its final answers look."""
    basis = verdict["confidence_basis"] or {}
    if basis.get("cell"):
        cell = basis["cell"]
        return " ".join(str(cell[key]) for key in cell) if isinstance(cell, dict) else str(cell)
    finals = [response["final_answer"] for response in verdict["responses"] if response["final_answer"]]
    kind = "free text"
    if finals and len(finals) * 2 >= len(verdict["responses"]):
        one = collections.Counter(finals).most_common(1)[0][0]
        kind = "option" if len(one) == 1 and one.isalpha() else "LaTeX" if "\\" in one else "number" if any(letter.isdigit() for letter in one) else "name"
    return f"{kind} {votes_word(verdict['answered'])}"


def scored(cases, found):
    return [(verdict["confidence"] or 0.0, is_right(case, verdict)) for case, verdict in zip(cases, found)]


def stated(rows):
    return [(verdict["confidence"], is_right(case, verdict)) for case, verdict in rows if verdict["confidence"] is not None]


def best_single(cases):
    model, accuracy = max(accuracies(cases).items(), key=lambda it: it[1])
    return model, 1 - accuracy


def carried(runs, name):
    """ECE here of a confidence refitted on the other files, by cell; by all cells where one has under 100 answers there."""
    points = collections.defaultdict(list)
    for other, (cases, found) in runs.items():
        if other != name:
            for case, verdict in zip(cases, found):
                if verdict["confidence"] is not None:
                    point = (logit(verdict["confidence"]), is_right(case, verdict))
                    points[cell_of(case, verdict)].append(point)
                    points[None].append(point)
    if not points:
        return float("nan")
    curves = {cell: platt(it) for cell, it in points.items() if cell is None or len(it) >= 100}
    scores = []
    for case, verdict in zip(*runs[name]):
        if verdict["confidence"] is not None:
            a, b = curves.get(cell_of(case, verdict), curves[None])
            scores.append((sigmoid(a + b * logit(verdict["confidence"])), is_right(case, verdict)))
    return ece(scores)


def report(name, runs, priors, label):
    cases, found = runs[name]
    n = len(cases)
    model, single = best_single(cases)
    scores = scored(cases, found)
    error = sum(not right for _, right in scores) / n
    prior_error = sum(not is_right(*row) for row in zip(cases, priors)) / n if priors else float("nan")
    flagged = [(verdict["flagged"], is_right(case, verdict)) for case, verdict in zip(cases, found)]
    unflagged = sum(not flag for flag, _ in flagged) / n
    silent_wrong = sum(not flag and not right for flag, right in flagged) / n
    needless = sum(flag and right for flag, right in flagged) / n
    null = sum(verdict["confidence"] is None for verdict in found) / n
    null_silent = sum(verdict["confidence"] is None and not verdict["flagged"] for verdict in found) / n
    print(f"{label:<9} error {100 * error:5.1f} %  with priors {100 * prior_error:5.1f} %  (best single {100 * single:.1f} %, {model})")
    print(f"{'':<9} unflagged error -66 % at coverage {100 * coverage_at(scores, 0.34 * single):5.1f} %, -80 % at {100 * coverage_at(scores, 0.2 * single):5.1f} %")
    print(f"{'':<9} flags: coverage {100 * unflagged:5.1f} %, wrong and unflagged {100 * silent_wrong:4.1f} % ({100 * (silent_wrong / single - 1):+.0f} % against the best single), right but flagged {100 * needless:4.1f} %; confidence null {100 * null:.1f} %, of it unflagged {100 * null_silent:.1f} %")
    print(f"{'':<9} confidence: AUROC {auroc(scores):.3f}, ECE {ece(stated(zip(cases, found))):.3f}, carried {carried(runs, name):.3f}")


def report_cells(cases, found):
    cells = collections.defaultdict(list)
    for case, verdict in zip(cases, found):
        cells[cell_of(case, verdict)].append((case, verdict))
    for cell, rows in sorted(cells.items()):
        scores = stated(rows)
        all_scores = [(verdict["confidence"] or 0.0, is_right(case, verdict)) for case, verdict in rows]
        right = sum(right for _, right in all_scores) / len(rows)
        mean = sum(confidence for confidence, _ in scores) / len(scores) if scores else float("nan")
        print(f"    {cell:<20} n {len(rows):5}  right {right:.3f}  stated {mean:.3f}  AUROC {auroc(all_scores):.3f}  ECE {ece(scores):.3f}")


def interval(differences, rng, n_draws=400):
    """95 % of the means of draws with replacement, from differences of -1, 0 and 1."""
    counts = [differences.count(value) for value in (-1, 0, 1)]
    n = len(differences)
    means = sorted(sum(rng.choices((-1, 0, 1), counts, k=n)) / n for _ in range(n_draws))
    return means[int(0.025 * n_draws)], means[int(0.975 * n_draws) - 1]


def report_subsets(name, cases, args, program):
    """All 2 to 5 of the models, reliabilities given: how many are worse than their best single, for certain and at most."""
    rng = random.Random(args.seed)
    models = sorted(accuracies(cases))
    by_size = collections.defaultdict(list)
    for size in range(2, 6):
        for subset in itertools.combinations(models, size):
            part = [case | {"answers": [answer for answer in case["answers"] if answer["model"] in subset]} for case in cases]
            part = [case for case in part if len(case["answers"]) == size]
            if not part:
                continue
            best = max(accuracies(part).items(), key=lambda it: it[1])[0]
            found = verdicts(with_priors(shuffled(part, args.seed), args.folds), program)
            differences = [
                next(answer["correct"] for answer in case["answers"] if answer["model"] == best) - is_right(case, verdict)
                for case, verdict in zip(part, found)
            ]
            low, high = interval(differences, rng)
            by_size[size].append((sum(differences) / len(differences), low, high, subset))
    for size, rows in by_size.items():
        worse = [row for row in rows if row[1] > 0]
        better = [row for row in rows if row[2] < 0]
        most = max(rows)
        print(f"    {size} of {len(models)}: {len(rows):3} ensembles, worse for certain {len(worse):3} ({100 * len(worse) / len(rows):.0f} %), better for certain {len(better):3}, mean {100 * sum(row[0] for row in rows) / len(rows):+.1f} points, worst {100 * most[0]:+.1f} [{100 * most[1]:+.1f}, {100 * most[2]:+.1f}] {'+'.join(most[3])}")


def show_worst(cases, found, count, seed):
    rng = random.Random(seed)
    rows = [(case, verdict) for case, verdict in zip(cases, found)]
    wrong = [row for row in rows if not row[1]["flagged"] and not is_right(*row)]
    needless = [row for row in rows if row[1]["flagged"] and is_right(*row)]
    for title, group in (("wrong and unflagged", wrong), ("right but flagged", needless)):
        print(f"--- {title}: {len(group)}")
        for case, verdict in rng.sample(group, min(count, len(group))):
            print(f"{case['id']} {case['question'][:110]!r} -> {verdict['answer_by']} {verdict['confidence']} {verdict['flag_reasons']}")
            for answer, response in zip(case["answers"], verdict["responses"]):
                score = "null" if response["score"] is None else f"{response['score']:.2f}"
                print(f"   {'right' if answer['correct'] else 'wrong'} {score} {response['final_answer']!r} {answer['model']}: {answer['text'][-130:]!r}")
            for card in verdict["contradictions"]:
                print(f"   {card['kind']}{' (answer)' if card['touches_answer'] else ''}: " + " | ".join(f"{side['value']} {side['models']}" for side in card["sides"]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--program", default="target/release/dissent")
    parser.add_argument("--beside", help="another program, measured on the same Cases and shown beside")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--limit", type=int, default=0, help="so many Cases a file, drawn by the hash of their id")
    parser.add_argument("--cells", action="store_true")
    parser.add_argument("--subsets", action="store_true")
    parser.add_argument("--worst", type=int, default=0)
    args = parser.parse_args()
    loaded = dict(load(spec, args.limit) for spec in args.files)
    programs = [("before", args.beside)] if args.beside else []
    programs.append(("now" if args.beside else "", args.program))
    runs, priors = {}, {}
    for label, program in programs:
        runs[label] = {}
        for name, cases in loaded.items():
            mixed = shuffled(cases, args.seed)
            runs[label][name] = (mixed, verdicts(mixed, program.split()))
            priors[label, name] = verdicts(with_priors(mixed, args.folds), program.split())
    for name, cases in loaded.items():
        print(f"{name}: {len(cases)} questions, {len(accuracies(cases))} models")
        for label, program in programs:
            report(name, runs[label], priors[label, name], label)
            if args.cells:
                report_cells(*runs[label][name])
            if args.subsets:
                report_subsets(name, cases, args, program.split())
        if args.worst:
            show_worst(*runs[programs[-1][0]][name], args.worst, args.seed)


if __name__ == "__main__":
    main()
