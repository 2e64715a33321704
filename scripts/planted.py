#!/usr/bin/env python3
"""Plants conflicts of known value in long answers, and counts how many the consensus engine finds, and what else.

    scripts/planted.py [--program target/release/dissent] [--documents 200] [--conflicts 3] [--seed 1] [--worst 10]
                       [--by field|lang|kind] [--show] [--keep FILE.jsonl]

Three to five answers of up to 700 words are written about one to four topics: the same facts in other words, another order and
another form (prose, lists, nested lists, tables), sentences that only one has, numbers of other things, code. In all but
K facts they agree. A card is right when each of its sides gives a planted value of one and the same fact; recall counts
the planted conflicts of which a right card tells. A second card on the same conflict is right, and counted as double.
"""

import argparse
import collections
import json
import random
import re
import subprocess
import unicodedata

import planted_topics as topics


def values_of(fact):
    return [value.split("=") for value in fact[1].split(";")]


def plant(rng, topic, n_models, n_conflicts):
    """Who says what: for each fact the value of every model, and which facts are in conflict, with both values."""
    facts = topic["facts"]
    disputed = set(rng.sample(range(len(facts)), min(n_conflicts, len(facts))))
    said, planted = [], {}
    for index, fact in enumerate(facts):
        values = values_of(fact)
        if index in disputed:
            one, other = rng.sample(values, 2)
            n_other = 1 if n_models == 3 or rng.random() < 0.6 else 2
            minority = set(rng.sample(range(n_models), n_other))
            silent = {model for model in range(n_models) if model not in minority and rng.random() < 0.2}
            if len(minority) + len(silent) >= n_models:
                silent = set()
            said.append([None if model in silent else other if model in minority else one for model in range(n_models)])
            planted[index] = (one, other)
        else:
            value = rng.choice(values)
            said.append([None if rng.random() < 0.25 else value for _ in range(n_models)])
    return said, planted


def capital(text):
    """The first letter large, save where the first word is an identifier."""
    return text if "_" in text.split(" ")[0] else text[:1].upper() + text[1:]


def sentence(rng, topic, subject, fact, value, is_first):
    wording = rng.choice(fact[2])
    name = subject if is_first or rng.random() < 0.4 else topic["thing"]
    if wording.startswith("The {s}") or "the {s}" in wording:
        name = subject
    said = wording.replace("{v}", rng.choice(value)).replace("{s}", name).replace("{t}", topic["thing"])
    return decorated(rng, topic["lang"], said)


def decorated(rng, lang, said):
    """The sentence as a talkative model puts it: something before it, something after it, or neither."""
    before, after = topics.BEFORE.get(lang, []), topics.AFTER.get(lang, [])
    if before and rng.random() < 0.35:
        lead = rng.choice(before)
        is_common = said.split(" ")[0] in topics.COMMON
        said = lead + (said[:1].lower() + said[1:] if is_common else said)
    if after and rng.random() < 0.35:
        said = said[:-1] + rng.choice(after) + said[-1]
    return capital(said)


def prose(rng, topic, subject, facts, beside):
    said = [sentence(rng, topic, subject, fact, value, number == 0) for number, (fact, value) in enumerate(facts)]
    for extra in beside:
        said.insert(rng.randint(1, len(said)) if said else 0, extra)
    glue = "" if topic["lang"] in ("ja", "zh") else " "
    cut = rng.randint(2, 4)
    return "\n\n".join(glue.join(said[start : start + cut]) for start in range(0, len(said), cut))


def bullets(rng, topic, subject, facts, beside):
    marker = rng.choice(["-", "*", "1."])
    colon = "：" if topic["lang"] in ("ja", "zh") else ":"
    rows = []
    for fact, value in facts:
        style = rng.randint(0, 2)
        if style == 0:
            rows.append(f"{marker} **{fact[0]}**{colon} {rng.choice(value)}")
        elif style == 1:
            rows.append(f"{marker} **{fact[0]}{colon}** {sentence(rng, topic, subject, fact, value, False)}")
        else:
            rows.append(f"{marker} {sentence(rng, topic, subject, fact, value, False)}")
    for extra in beside:
        at = rng.randint(0, len(rows))
        rows.insert(at, f"{marker} {extra}" if rng.random() < 0.5 or at == 0 else f"   - {extra}")
    return "\n".join(rows)


def table(rng, topic, subject, facts, beside):
    head = topics.TABLE_HEADS[topic["lang"]]
    rows = [f"| {head[0]} | {head[1]} |", "|---|---|"]
    rows += [f"| {fact[0]} | {rng.choice(value)} |" for fact, value in facts]
    glue = "" if topic["lang"] in ("ja", "zh") else " "
    return "\n".join(rows) + ("\n\n" + glue.join(beside) if beside else "")


def length(topic, text):
    return len(text) // 2 if topic["lang"] in ("ja", "zh") else len(text.split())


def answer(rng, topic, subject, facts, asides, plain):
    """One model's answer: sections in its own order and form, filled up with what only it says."""
    rng.shuffle(facts)
    n_sections = rng.randint(2, 3)
    chunks = [facts[number::n_sections] for number in range(n_sections)]
    headings = rng.sample(topics.HEADINGS[topic["lang"]], n_sections)
    extras = asides + plain
    rng.shuffle(extras)
    level = rng.choice(["## ", "### ", "**"])
    parts = [rng.choice(topics.OPENERS[topic["lang"]])] if rng.random() < 0.6 else []
    forms = rng.choice([[prose], [prose, bullets], [prose, table], [bullets, prose], [table, bullets, prose]])
    for number, (chunk, heading) in enumerate(zip(chunks, headings)):
        parts.append(f"{level}{heading}{'**' if level == '**' else ''}")
        beside = extras[number::n_sections]
        parts.append(forms[number % len(forms)](rng, topic, subject, chunk, beside))
        if topic["code"] and rng.random() < 0.4:
            parts.append(rng.choice(topic["code"]))
    return "\n\n".join(part for part in parts if part)


def document(rng, chosen, args, number):
    """A Case, its planted conflicts as {fact: (value, value)}, and who gives which; English ones are on one to four topics."""
    n_models = rng.randint(3, 5)
    n_topics = rng.choice([1, 2, 3, 3, 4]) if chosen["lang"] == "en" else 1
    same = [topic for topic in topics.TOPICS if topic["lang"] == chosen["lang"] and topic is not chosen]
    parts = [chosen, *rng.sample(same, n_topics - 1)]
    n_left = args.conflicts
    texts, questions, planted, told = [[] for _ in range(n_models)], [], {}, {}
    for place, topic in enumerate(parts):
        n_here = n_left if place == len(parts) - 1 else rng.randint(0, n_left)
        n_left -= n_here
        subject = rng.choice(topic["subjects"])
        questions.append(topic["question"].replace("{s}", subject))
        said, disputed = plant(rng, topic, n_models, n_here)
        for index, sides in disputed.items():
            key = (place, index)
            planted[key] = sides
            told[key] = [{f"m{model + 1}" for model, value in enumerate(said[index]) if value is side} for side in sides]
        asides = rng.sample(topic["asides"], len(topic["asides"]))
        for model in range(n_models):
            facts = [(fact, values[model]) for fact, values in zip(topic["facts"], said) if values[model]]
            plain = rng.sample(topic["plain"], rng.randint(2, len(topic["plain"])))
            title = f"# {capital(subject)}\n\n" if n_topics > 1 else ""
            texts[model].append(title + answer(rng, topic, subject, facts, asides[model::n_models], plain))
    answers = [{"model": f"m{model + 1}", "text": "\n\n".join(text)} for model, text in enumerate(texts)]
    case = {"id": f"planted-{number}", "question": " ".join(questions), "kind": "factual", "answers": answers}
    names = {(place, index): fact[0] for place, topic in enumerate(parts) for index, fact in enumerate(topic["facts"])}
    return case, planted, told, names


def fold(text):
    """Lower case, no accents, no grouping of thousands, one space: what two spellings of a value share."""
    text = unicodedata.normalize("NFKD", text).lower()
    text = "".join(letter for letter in text if not unicodedata.combining(letter)).replace("*", "")
    text = re.sub(r"(?<=\d)[,.\s](?=\d{3}(?!\d))", "", text)
    return re.sub(r"\s+", " ", text)


def tokens(text):
    found = set(re.findall(r"[a-z]+|\d+(?:[.,]\d+)?|[^\W\da-z_]", fold(text)))
    found -= {"the", "a", "of", "in", "on", "is", "be", "by", "at", "and", "de", "der", "die", "la"}
    # An ISO date shares day and month by their numbers.
    return {token.lstrip("0") or token for token in found}


def says(side, value):
    """Whether a side of a card gives one wording of a planted value: it stands in the quotation, and the value shares it."""
    for quote in side["quotes"]:
        for wording in value:
            if fold(wording) in fold(quote["text"]) and tokens(wording) & tokens(side["value"]):
                return True
    return False


def value_given(card, side, values):
    """Which of two planted values a side gives: 0, 1, or None for neither. "safe" stands in "not safe" too: the longer."""
    given = [number for number, value in enumerate(values) if says(side, value)]
    if not given and card["kind"] in ("negation", "antonym"):
        # Such a side says "yes" or "it is so"; its quotation tells of what.
        text = fold(" ".join(quote["text"] for quote in side["quotes"]))
        given = [number for number, value in enumerate(values) if any(fold(wording) in text for wording in value)]
    longest = lambda number: max((len(wording) for wording in values[number] if fold(wording) in fold(side["quotes"][0]["text"])), default=0)
    return max(given, key=longest) if given else None


def conflict_of(card, planted):
    """The planted conflict that a card tells of: every side gives one of its two values, and both are given."""
    for index, values in planted.items():
        given = {value_given(card, side, values) for side in card["sides"]}
        if given == {0, 1}:
            return index
    return None


def verdicts(cases, program):
    text = "".join(json.dumps(case) + "\n" for case in cases)
    done = subprocess.run([*program, "compare", "--jsonl", "-"], input=text.encode(), stdout=subprocess.PIPE, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def rate(part, n):
    return f"{part / n:.3f}" if n else "  -  "


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default="target/release/dissent")
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--conflicts", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--worst", type=int, default=0, help="print so many wrong cards and missed conflicts")
    parser.add_argument("--by", choices=["field", "lang", "kind", "label"], default="field")
    parser.add_argument("--lang", help="topics in this language alone")
    parser.add_argument("--show", action="store_true", help="print the first document and stop")
    parser.add_argument("--keep", help="write the Cases here")
    args = parser.parse_args()
    rng = random.Random(args.seed)
    chosen = [topic for topic in topics.TOPICS if not args.lang or topic["lang"] == args.lang]
    written = []
    for number in range(args.documents):
        topic = chosen[number % len(chosen)]
        written.append((topic, *document(rng, topic, args, number)))
    if args.show:
        for one in written[0][1]["answers"]:
            print(f"=== {one['model']}\n{one['text']}\n")
        return
    if args.keep:
        with open(args.keep, "w", encoding="utf-8") as file:
            file.writelines(json.dumps(case) + "\n" for _, case, *_ in written)
    cards, finds = collections.defaultdict(collections.Counter), collections.defaultdict(collections.Counter)
    wrong_cards, missed = [], []
    n_double = n_swapped = 0
    for (topic, case, planted, told, names), verdict in zip(written, verdicts([row[1] for row in written], args.program.split())):
        found = collections.Counter()
        for card in verdict["contradictions"]:
            index = conflict_of(card, planted)
            group = {"field": topic["field"], "lang": topic["lang"], "kind": card["kind"], "label": names.get(index, "none")}[args.by]
            cards[group][index is not None] += 1
            if index is None:
                wrong_cards.append((case["id"], card))
            else:
                n_double += found[index] > 0
                found[index] += 1
                n_swapped += any(not set(side["models"]) <= models for side in card["sides"] for models in told[index] if set(side["models"]) & models)
        for index in planted:
            group = {"field": topic["field"], "lang": topic["lang"], "kind": "all", "label": names[index]}[args.by]
            finds[group][index in found] += 1
            if index not in found:
                missed.append((case, names[index], planted[index], told[index]))
    words = [length(topic, answer["text"]) for topic, case, *_ in written for answer in case["answers"]]
    print(f"{len(written)} documents, {len(words)} answers of {min(words)} to {max(words)} words, median {sorted(words)[len(words) // 2]}")
    for group in sorted(set(cards) | set(finds)):
        right, n = cards[group][True], sum(cards[group].values())
        hit, all_planted = finds[group][True], sum(finds[group].values())
        print(f"  {group:<22} cards {n:5}  precision {rate(right, n)}   planted {all_planted:5}  recall {rate(hit, all_planted)}")
    n, right = sum(sum(it.values()) for it in cards.values()), sum(it[True] for it in cards.values())
    all_planted, hit = sum(sum(it.values()) for it in finds.values()), sum(it[True] for it in finds.values())
    print(f"  {'all':<22} cards {n:5}  precision {rate(right, n)}   planted {all_planted:5}  recall {rate(hit, all_planted)}   doubles {n_double}, a member on the wrong side {n_swapped}")
    rng = random.Random(args.seed)
    for title, rows in (("wrong cards", wrong_cards), ("missed", missed)):
        if args.worst:
            print(f"--- {title}")
        for row in rng.sample(rows, min(args.worst, len(rows))):
            if title == "missed":
                case, label, (one, other), told = row
                print(f"{case['id']} {label}: {one} | {other}")
                for value, models in zip((one, other), told):
                    for answer_ in case["answers"]:
                        line = next((line for line in answer_["text"].split("\n") if answer_["model"] in models and any(wording in line for wording in value)), None)
                        if line:
                            print(f"   {answer_['model']}: {line[:200]}")
            else:
                name, card = row
                print(f"{name} {card['kind']}: " + " | ".join(side["value"] for side in card["sides"]))
                for side in card["sides"]:
                    print(f"   {side['quotes'][0]['model']}: {side['quotes'][0]['text'][:200]!r}")


if __name__ == "__main__":
    main()
