#!/usr/bin/env python3
"""Tells the consensus engine one lie at a time, and one harmless change at a time, and counts what it notices.

    scripts/lies.py CASES.jsonl[.gz] ... [--program target/release/dissent] [--per-kind 100] [--seed 1] [--worst 5]
                    [--only KIND,KIND] [--anywhere] [--keep FILE.jsonl]

A recorded answer stands beside a copy of itself in which one edit was made, and both go through `dissent compare
--jsonl` as the models `a` and `b`. An edit changes the meaning (another year, another unit, who beat whom) or keeps it
(another form of the date, a contraction). An edit that changes is seen when a conflict is reported; `there` counts the
conflicts that quote the very place. An edit that keeps and is reported all the same is a false alarm. Edits are made
only where the word carries meaning: in a statement, not in code, a heading, a question, a formula, a link or the number
of a list item; and the word stands nowhere else in the answer (with --anywhere: it may), as the copy would say both.
"""

import argparse
import gzip
import json
import random
import re
import subprocess
import unicodedata

# A kind with fewer edits than this is shown and left out of the means.
ENOUGH = 10

MONTHS = "January February March April May June July August September October November December".split()
MONTH = "(?:" + "|".join(MONTHS) + ")"
NUMBER_WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split()
ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
ENDINGS = {1: "st", 2: "nd", 3: "rd"}
NAME = r"[A-Z][a-zà-ÿ]+(?:[ -][A-Z][a-zà-ÿ]+){0,2}"
COUNTRIES = "Germany France Italy Spain Japan Russia Canada Brazil Mexico India Egypt Poland Sweden Norway Greece".split()
GIVEN = "Robert Margaret Henry Susan Walter Helen Arthur Judith Harold Diane Francis Laura Edmund Rachel".split()

OPPOSITES = [
    ("rose", "fell"), ("increased", "decreased"), ("increases", "decreases"), ("increase", "decrease"),
    ("higher", "lower"), ("larger", "smaller"), ("longer", "shorter"), ("older", "younger"), ("largest", "smallest"),
    ("highest", "lowest"), ("oldest", "youngest"), ("longest", "shortest"), ("fastest", "slowest"), ("best", "worst"),
    ("won", "lost"), ("wins", "loses"), ("opened", "closed"), ("began", "ended"), ("begins", "ends"),
    ("started", "ended"), ("starts", "ends"), ("male", "female"), ("husband", "wife"), ("father", "mother"),
    ("son", "daughter"), ("brother", "sister"), ("king", "queen"), ("king's", "queen's"), ("safe", "dangerous"),
    ("legal", "illegal"), ("positive", "negative"), ("hot", "cold"), ("upper", "lower"), ("inside", "outside"),
    ("left", "right"), ("above", "below"), ("maximum", "minimum"), ("ancient", "modern"), ("true", "false"),
    ("acid", "base"), ("buyer", "seller"), ("rich", "poor"), ("public", "private"), ("heavier", "lighter"),
    ("hotter", "colder"), ("stronger", "weaker"), ("faster", "slower"), ("early", "late"), ("arrived", "departed"),
    ("accepted", "rejected"), ("gained", "lost"), ("expanded", "shrank"), ("day", "night"), ("sunrise", "sunset"),
    ("exports", "imports"), ("same", "opposite"), ("possible", "impossible"), ("correct", "incorrect"),
]
COMPASS = [("north", "south"), ("east", "west"), ("northern", "southern"), ("eastern", "western"),
           ("northeast", "southwest"), ("northwest", "southeast")]
ZONES = ["EST", "PST", "CET", "GMT", "IST", "JST"]
BOUNDS = [("at least", "at most"), ("more than", "less than"), ("more than", "fewer than"), ("over", "under"),
          ("up to", "at least"), ("no more than", "no less than"), ("minimum of", "maximum of"), ("above", "below")]
QUANTIFIERS = [("all", "some"), ("all of", "none of"), ("every", "no"), ("most of", "few of"), ("always", "never"), ("many", "few"),
               ("both", "neither"), ("everyone", "no one"), ("several", "no"), ("usually", "rarely"), ("often", "never")]
FREQUENCIES = [("daily", "weekly"), ("annually", "monthly"), ("annual", "monthly"), ("yearly", "weekly"),
               ("per day", "per week"), ("a day", "a month"), ("per hour", "per minute"), ("per year", "per month"),
               ("each year", "each week"), ("every year", "every month"), ("every day", "every week"),
               ("each day", "each week"), ("each week", "each month"), ("per week", "per month"), ("a week", "a year"),
               ("once", "twice"), ("twice", "three times"), ("every four years", "every two years")]
# Units one of which can stand for the other after a number without the sentence becoming nonsense.
UNITS = [["mg", "mcg", "g"], ["kg", "g", "lb"], ["km", "miles"], ["km", "m"], ["cm", "mm", "m"], ["seconds", "minutes"],
         ["minutes", "hours", "seconds"], ["hours", "days", "minutes"], ["days", "weeks", "months"],
         ["weeks", "months", "days"], ["months", "years", "weeks"], ["years", "decades", "months"],
         ["feet", "meters", "inches"], ["inches", "feet"], ["miles", "kilometers"], ["meters", "feet"],
         ["kilometers", "meters"], ["pounds", "ounces", "kilograms"], ["ounces", "pounds"], ["cups", "ounces", "liters"],
         ["gallons", "liters"], ["liters", "gallons"], ["grams", "kilograms"], ["acres", "hectares"],
         ["square miles", "square kilometers"], ["mph", "km/h"], ["GB", "MB"], ["MB", "kB"], ["°C", "°F"],
         ["points", "goals"], ["episodes", "seasons"], ["seasons", "episodes"], ["cents", "dollars"],
         ["degrees Celsius", "degrees Fahrenheit"], ["degrees Fahrenheit", "degrees Celsius"],
         ["stone", "pounds"], ["tons", "pounds"], ["centimeters", "inches"], ["students", "teachers"]]
SCALES = ["thousand", "million", "billion", "trillion"]
ACTS = ("beat defeated bought acquired succeeded replaced killed assassinated founded discovered painted wrote directed "
        "invented conquered invaded colonized taught fathered overthrew hired sued portrayed played followed preceded "
        "created composed designed developed led joined sold").split()
SYNONYMS = [
    ("began", "started"), ("large", "big"), ("film", "movie"), ("located", "situated"), ("purchased", "bought"),
    ("approximately", "about"), ("however", "though"), ("created", "made"), ("famous", "well-known"),
    ("released", "put out"), ("author", "writer"), ("also", "too"), ("therefore", "so"), ("begins", "starts"),
    ("needs", "requires"), ("total", "sum"), ("commonly", "often"), ("received", "got"), ("constructed", "built"),
    ("primarily", "mainly"), ("various", "different"), ("several", "a number of"), ("American", "U.S."),
    ("automobile", "car"), ("refers to", "means"), ("quickly", "fast"), ("because", "since"), ("children", "kids"),
    ("finished", "completed"), ("assist", "help"), ("occurs", "happens"), ("occurred", "happened"), ("physician", "doctor"),
    ("attorney", "lawyer"), ("sufficient", "enough"), ("obtain", "get"), ("currently", "at present"), ("entire", "whole"),
]
SPELLINGS = [("color", "colour"), ("center", "centre"), ("theater", "theatre"), ("United States", "US"), ("favorite", "favourite"),
             ("United Kingdom", "UK"), ("meters", "metres"), ("liters", "litres"), ("labor", "labour"), ("organization", "organisation"),
             ("defense", "defence"), ("traveled", "travelled"), ("program", "programme"), ("gray", "grey"),
             ("Mount", "Mt."), ("Saint", "St."), ("Doctor", "Dr."), ("versus", "vs."), ("World War II", "the Second World War")]
CONTRACTIONS = [("is not", "isn't"), ("are not", "aren't"), ("was not", "wasn't"), ("were not", "weren't"),
                ("does not", "doesn't"), ("did not", "didn't"), ("do not", "don't"), ("cannot", "can't"),
                ("has not", "hasn't"), ("have not", "haven't"), ("it is", "it's"), ("It is", "It's"),
                ("there is", "there's"), ("There is", "There's"), ("would not", "wouldn't"), ("could not", "couldn't"),
                ("that is", "that's"), ("we have", "we've"), ("Let us", "Let's"), ("will not", "won't"), ("I am", "I'm")]
UNIT_WORDS = [("kilometers", "Kilometer"), ("meters", "mètres"), ("miles", "Meilen"), ("years", "años"), ("days", "Tage"),
              ("hours", "heures"), ("minutes", "minutos"), ("percent", "Prozent"), ("dollars", "dólares"),
              ("feet", "pieds"), ("weeks", "semaines"), ("months", "Monate"), ("pounds", "libras"), ("seconds", "secondes"),
              ("euros", "Euro"), ("degrees", "Grad"), ("inches", "pulgadas")]
LEAD_INS = ["Sure! ", "Here is the answer. ", "In short: ", "Great question! ", "**Answer:** ", "Certainly, here it is.\n\n"]
CLOSERS = ["\n\nLet me know if you would like more detail.", "\n\nI hope this helps!", "\n\nFeel free to ask if anything is unclear."]
WRITTEN_OUT = {"$": ("dollars", "USD"), "€": ("euros", "EUR"), "£": ("pounds", "GBP")}


class Text:
    """An answer, and where in it words are said in earnest."""

    def __init__(self, text):
        self.text = text
        self.statements = [span for span in sentences(text) if len(text[span[0] : span[1]].split()) >= 1]
        self.closed = closed_spans(text)

    def finds(self, pattern, flags=0):
        """Matches inside statements and outside code, formulas, links; the place of the match, never the first alone."""
        for start, end in self.statements:
            for found in re.compile(pattern, flags).finditer(self.text, start, end):
                if not any(found.start() < stop and begin < found.end() for begin, stop in self.closed):
                    yield found


# What a model says of itself, a refusal among it, is no statement on the matter.
HEARSAY = re.compile(r"\bI(?: am|['’]m| could| couldn|['’]ve| have| do| don| can| cannot)\b|\bAI\b|\bmy (?:knowledge|last update)\b")


def sentences(text):
    """Spans of sentences, list items and rows that state something: no headings, no questions, no lead-ins with a colon."""
    fence = False
    position = 0
    for line in text.split("\n"):
        start, position = position, position + len(line) + 1
        bare = line.strip()
        if bare.startswith("```") or bare.startswith("~~~"):
            fence = not fence
            continue
        is_title = bare.startswith("#") or re.fullmatch(r"\*\*[^*]+\*\*:?", bare) or re.fullmatch(r"[|:\- ]+", bare or "|")
        if (fence and not bare.startswith(('"', "{"))) or is_title:
            continue
        marker = re.match(r"\s*(?:[-*•+]|\(?\d+[.)]|Step \d+:?|\"\w+\":)?\s*", line)
        begin = start + marker.end()
        pieces = re.finditer(r".+?(?:[.!?](?=[\s\"\\]|$)(?<!\b[A-Z]\.)(?<!\b(?:Dr|Mr|St|vs|No|Jr|Sr)\.)|$)", text[begin : start + len(line)])
        for piece in pieces:
            said = piece.group().strip()
            if said and not said.endswith(("?", ":")) and not HEARSAY.search(said):
                yield begin + piece.start(), begin + piece.end()


def closed_spans(text):
    """Code, formulas, links, quotation of titles in italics and numbers of steps: nothing is edited there."""
    patterns = [r"`[^`\n]*`", r"\\\(.*?\\\)", r"\\\[.*?\\\]", r"\$\$.*?\$\$", r"\$[^$\n]*[\\^_=][^$\n]*\$", r"https?://\S+",
                r"\[\^?\d+\^?\]", r"\b[Ss]tep \d+", r"\\[a-zA-Z]+(?:\{[^}]*\})*", r"\\n *\(?\d+[.)]", r"[\w$%.,)/]+(?: [a-z]+)? *[-+*/×÷=^≈] *[\w$.,(]+"]
    return [found.span() for pattern in patterns for found in re.finditer(pattern, text, re.S)]


def match_case(model, word):
    return word[:1].upper() + word[1:] if model[:1].isupper() else word


def whole(word):
    return rf"(?<![\w-]){re.escape(word)}(?![\w-])"


def each(found, replacement):
    """One edit: where, and what stands there afterwards."""
    return found.start(), found.end(), replacement


def pairs_of_words(pairs, before="", after=""):
    """Edits that put either word of a pair in place of the other."""

    def edits(text, rng):
        for one, other in pairs:
            for said, instead in ((one, other), (other, one)):
                for found in text.finds(before + f"(?:{whole(said)}|{whole(said[:1].upper() + said[1:])})" + after):
                    # In the middle of a sentence a capital makes it part of a name.
                    if found.group()[:1] == said[:1] or is_first(text.text, found.start()):
                        yield each(found, match_case(found.group(), instead))

    return edits


def is_first(text, at):
    """Whether a sentence begins there."""
    before = text[:at].rstrip(" \"*(")
    return not before or before[-1] in ".!?\n:-•"


def one_way(pairs, before="", after=""):
    def edits(text, rng):
        for said, instead in pairs:
            for found in text.finds(before + whole(said) + after):
                yield each(found, instead)

    return edits


def ordinal(number):
    return f"{number}{'th' if 10 <= number % 100 <= 20 else ENDINGS.get(number % 10, 'th')}"


# --- edits that change the meaning


def year(text, rng):
    for found in text.finds(rf"(?:(?<=\b[io]n )|(?<=\bof )|(?<=\bsince )|(?<=\buntil )|(?<=\bby )|(?<=\bfrom )|(?<=, )|(?<=\()|(?<=\b\w\w\w )|^)(?:1[5-9]\d\d|20[0-2]\d)(?=[\s,.;)]|$)"):
        shift = rng.choice([-7, -4, -3, -2, -1, 1, 2, 3, 5, 9])
        yield each(found, str(int(found.group()) + shift))


def month(text, rng):
    for found in text.finds(rf"\b{MONTH}\b(?=,? \d)|(?<=\d )\b{MONTH}\b|(?<=\bin ){MONTH}\b"):
        yield each(found, rng.choice([name for name in MONTHS if name != found.group()]))


def day(text, rng):
    for found in text.finds(rf"\b({MONTH}) (\d{{1,2}})(?=(?:st|nd|rd|th)?, \d{{4}})"):
        other = rng.choice([number for number in range(1, 29) if number != int(found.group(2))])
        yield found.start(2), found.end(2), str(other)


def digit(text, rng):
    for found in text.finds(r"(?<![\w.,/:#-])\d{1,3}(?:,\d{3})*(?:\.\d+)?(?![\w/:-]|[.,]\d|st\b|nd\b|rd\b|th\b|\))"):
        number = found.group()
        if re.fullmatch(r"1[5-9]\d\d|20[0-2]\d", number):
            continue
        places = [at for at, letter in enumerate(number) if letter.isdigit()]
        at = rng.choice(places)
        choices = [letter for letter in "123456789" if letter != number[at]]
        yield each(found, number[:at] + rng.choice(choices) + number[at + 1 :])


def unit(text, rng):
    for units in UNITS:
        for found in text.finds(rf"(?<=\d)( ?)({re.escape(units[0])})(?![\w/²³^])"):
            yield found.start(2), found.end(2), rng.choice(units[1:])


def scale(text, rng):
    for found in text.finds(r"(?<=\d )(thousand|million|billion|trillion)\b"):
        yield each(found, rng.choice([word for word in SCALES if word != found.group()]))


def currency(text, rng):
    for found in text.finds(r"[$€£](?=\d)"):
        yield each(found, rng.choice([sign for sign in "$€£¥" if sign != found.group()]))
    for found in text.finds(r"(?<=\d )(?:dollars|euros|pounds sterling)\b"):
        yield each(found, rng.choice([word for word in ("dollars", "euros", "yen", "francs") if word != found.group()]))


def not_in(text, rng):
    for found in text.finds(r"(?<=[a-z)] )(?:is|was|are|were|can|will|could|should|must|(?:has|have)(?= \w+(?:ed|en)\b))(?= (?!not\b|n't|to\b|that\b|never\b|also\b|because\b|no\b)[a-zA-Z])"):
        yield each(found, found.group() + " not")


def not_out(text, rng):
    for found in text.finds(r"\b(is|was|are|were|has|have|can|will|does|did|could|should|must) not\b(?! only)"):
        yield each(found, found.group(1))
    for found in text.finds(r"\b(is|was|are|were|does|did|could|should|has|have)n['’]t\b"):
        yield each(found, found.group(1))
    for found in text.finds(r"\bcannot\b"):
        yield each(found, "can")


def ordinals(text, rng):
    for found in text.finds(r"(?<=\b[Tt]he )(first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\b(?! of all)"):
        yield each(found, rng.choice([word for word in ORDINALS[:10] if word != found.group()]))
    for found in text.finds(rf"(?<!{MONTHS[0]} )\b(\d{{1,2}})(?:st|nd|rd|th)\b"):
        yield each(found, ordinal(int(found.group(1)) + rng.choice([1, 2, 3])))


def numeral(text, rng):
    for found in text.finds(r"(?<=[a-z] )(II|III|IV|VI|VII|VIII|IX|XI|XII|XIII|XIV|XV|XVI)\b"):
        yield each(found, rng.choice([word for word in ("II", "III", "IV", "VI", "VII", "IX", "XII") if word != found.group()]))


def swapped(text, rng):
    acts = "|".join(ACTS)
    article = r"(?:[Tt]he )?"
    for found in text.finds(rf"\b({article}{NAME}) ({acts}) ({article}{NAME})\b"):
        one, act, other = found.groups()
        if one.split()[-1] != other.split()[-1] and one.split()[0] not in ("It", "He", "She", "They", "This", "In", "Who", "That"):
            yield each(found, f"{match_case(one, other)} {act} {one}")
    for found in text.finds(rf"\b({article}{NAME}) ((?:was|were) (?:beaten|defeated|bought|acquired|succeeded|killed|founded|painted|written|directed|invented|designed|composed|created|replaced|followed) by) ({article}{NAME})\b"):
        one, act, other = found.groups()
        yield each(found, f"{match_case(one, other)} {act} {one}")
    for found in text.finds(rf"\b({NAME}) (\d{{1,3}}), ({NAME}) (\d{{1,3}})\b"):
        one, ours, other, theirs = found.groups()
        if ours != theirs:
            yield each(found, f"{other} {ours}, {one} {theirs}")


def sign(text, rng):
    for found in text.finds(r"(?<=[ (])[-−](?=\d)"):
        yield each(found, "")
    for found in text.finds(r"(?<=\b(?:is|be|to|of) )(?=\d+(?:\.\d+)?(?:°| degrees|\.?$|\.?[\"\n]))"):
        yield each(found, "-")


def zone(text, rng):
    yield from pairs_of_words(COMPASS)(text, rng)
    for found in text.finds(r"(?<=°)[NSEW]\b|(?<=° )[NSEW]\b"):
        yield each(found, {"N": "S", "S": "N", "E": "W", "W": "E"}[found.group()])
    for found in text.finds(r"\b(?:" + "|".join(ZONES) + r")\b"):
        yield each(found, rng.choice([word for word in ZONES if word != found.group()]))
    for found in text.finds(r"(?<=\d )([ap])(?=\.?m\b)|(?<=\d)([ap])(?=\.?m\b)"):
        yield each(found, "p" if found.group() == "a" else "a")


def name_part(text, rng):
    for found in text.finds(r"\b(Jr|Sr)\b"):
        yield each(found, "Sr" if found.group() == "Jr" else "Jr")
    for found in text.finds(r"(?<=[A-Z][a-z]{2} )([A-HJ-UWYZ])(?=\. [A-Z][a-z])|(?<=[a-z]{5} )([A-HJ-UWYZ])(?=\. [A-Z][a-z])"):
        yield each(found, rng.choice([letter for letter in "ABCDEFGHJKLMPRSTW" if letter != found.group()]))


def given_name(text, rng):
    for found in text.finds(r"\b(James|John|William|George|David|Michael|Peter|Paul|Thomas|Charles|Richard|Mary|Elizabeth|Anne|Jane|Alexander|Albert|Edward|Joseph|Daniel|Andrew|Stephen|Martin|Frank|Jack|Sarah|Julia|Emma|Tom|Bob|Jim|Chris|Mark|Steve) (?=[A-Z][a-z]{2,})"):
        yield found.start(1), found.end(1), rng.choice([name for name in GIVEN if name != found.group(1)])


def country(text, rng):
    for found in text.finds(r"\b(?:" + "|".join(COUNTRIES) + r")\b"):
        yield each(found, rng.choice([name for name in COUNTRIES if name != found.group()]))


def bound(text, rng):
    after = r"(?= (?:[$€£]?\d|one|two|three|four|five|six|ten|half))"
    yield from pairs_of_words(BOUNDS, after=after)(text, rng)


def version(text, rng):
    products = "Windows|Python|iOS|Android|Java|macOS|PHP|HTML|CSS|USB|Bluetooth|HTTP|TLS|SSL|PostgreSQL|MySQL|Ruby|Unicode|Linux|Kernel|Firefox|Chrome|Node|Django|OpenGL|DirectX|Perl|GPT-?|Claude|Llama|Gemini|[Vv]ersion|PCIe|HDMI|JavaScript|TypeScript|Kubernetes|Swift|Go|Rust|Office|Patch|DSM|ICD"
    for found in text.finds(rf"(?<![\w])(?:{products}|v)(?: v?)?(\d+(?:\.\d+)*)(?![\w.%]| ?(?:million|billion|percent))"):
        *head, last = found.group(1).split(".")
        yield found.start(1), found.end(1), ".".join([*head, str(int(last) + rng.choice([1, 2, 3]))])


def weekday(text, rng):
    days = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
    for found in text.finds(r"\b(?:" + "|".join(days) + r")\b"):
        yield each(found, rng.choice([name for name in days if name != found.group()]))


def option(text, rng):
    for found in text.finds(r"(?<=answer is \()[A-J](?=\))|(?<=answer is )[A-J](?=\.|$)"):
        yield each(found, rng.choice([letter for letter in "ABCDEFGHIJ" if letter != found.group()]))


def number_word(text, rng):
    for found in text.finds(r"(?<=[a-z] )(?<!\bthe )(?<!\bthese )(?<!\bthose )(?<!\bof )(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?= [a-z]+s\b)"):
        yield each(found, rng.choice([word for word in NUMBER_WORDS[2:] if word != found.group()]))


# --- edits that keep it


def date_form(text, rng):
    for found in text.finds(rf"\b({MONTH}) (\d{{1,2}}), (\d{{4}})\b"):
        yield each(found, f"{found.group(2)} {found.group(1)} {found.group(3)}")
    for found in text.finds(rf"\b(\d{{1,2}}) ({MONTH}) (\d{{4}})\b"):
        yield each(found, f"{found.group(2)} {found.group(1)}, {found.group(3)}")


def iso_date(text, rng):
    for found in text.finds(rf"\b({MONTH}) (\d{{1,2}}), (\d{{4}})\b"):
        yield each(found, f"{found.group(3)}-{MONTHS.index(found.group(1)) + 1:02}-{int(found.group(2)):02}")


def grouping(text, rng):
    for found in text.finds(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])"):
        separator = rng.choice(["", "", "\u202f", " "])
        yield each(found, found.group().replace(",", separator))


def figure_for_word(text, rng):
    for found in text.finds(r"(?<=[a-z] )(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?= [a-z]+s\b)"):
        yield each(found, str(NUMBER_WORDS.index(found.group())))
    for found in text.finds(r"(?<=[a-z] )([2-9]|1[0-2])(?= [a-z]{3,}s\b)"):
        yield each(found, NUMBER_WORDS[int(found.group())])


def percent(text, rng):
    for found in text.finds(r"(?<=\d)%"):
        yield each(found, rng.choice([" percent", " per cent", " %"]))
    for found in text.finds(r"(?<=\d) percent\b"):
        yield each(found, rng.choice(["%", " per cent"]))


def smaller_unit(text, rng):
    steps = {"km": ("m", 1000), "kg": ("g", 1000), "kilometers": ("meters", 1000), "hours": ("minutes", 60), "minutes": ("seconds", 60),
             "weeks": ("days", 7), "feet": ("inches", 12), "meters": ("centimeters", 100), "years": ("months", 12), "pounds": ("ounces", 16),
             "cm": ("mm", 10), "m": ("cm", 100), "g": ("mg", 1000)}
    for found in text.finds(r"(?<![\d.,$€£])(\d{1,3}) (km|kg|kilometers|hours|minutes|weeks|feet|meters|cm|m|g)\b(?! per| an| a|/| \d| and)"):
        word, factor = steps[found.group(2)]
        yield each(found, f"{int(found.group(1)) * factor:,} {word}")


def bold(text, rng):
    for found in text.finds(rf"(?<=[a-z] ){NAME}(?=[ ,.])|(?<=[a-z] )\d[\d,]*(?= [a-z])"):
        yield each(found, f"**{found.group()}**")


def lead_in(text, rng):
    if not text.text.lstrip().startswith(("{", "`", "#", "|", "-", "1")):
        yield 0, 0, rng.choice(LEAD_INS)


def closer(text, rng):
    if not text.text.rstrip().endswith(("}", "`", "|", "]")):
        yield len(text.text), len(text.text), rng.choice(CLOSERS)


LEANING = re.compile(r"(?:It|He|She|They|This|That|These|Those|His|Her|Their|Its|However|But|So|Then|Therefore|Thus|And|Also|Next|Finally|In addition|For example|Since|After|Once|First|To|We|If this|The answer|Additionally|Instead|Because|The (?:film|book|song|show|series|game|city|movie|team|play|name|character|word|term|company|band|two|other|same))\b")


def sentence_order(text, rng):
    """Two neighbouring sentences change places, where neither leans on the one before."""
    if "answer is" in text.text or text.text.lstrip().startswith(("{", "`")):
        return
    for (start, end), (begin, stop) in zip(text.statements, text.statements[1:]):
        one, other = text.text[start:end], text.text[begin:stop]
        gap = text.text[end:begin]
        full = lambda said: said.rstrip().endswith(".") and len(said.split()) >= 6 and not LEANING.match(said.strip())
        line = text.text[text.text.rfind("\n", 0, start) + 1 :]
        if full(one) and full(other) and "\n" not in text.text[start:stop] and not re.match(r"\s*(?:[-*•+]|\(?\d+[.)])", line):
            lead = one[: len(one) - len(one.lstrip())]
            yield start, stop, lead + other.strip() + (gap or " ") + one.strip()


def list_marker(text, rng):
    bullets = re.search(r"(?m)^ *([-*•]) (?=\S)", text.text)
    numbers = re.search(r"(?m)^\d+\. (?=\S)", text.text)
    if bullets:
        other = {"-": "*", "*": "-", "•": "-"}[bullets.group(1)]
        changed = re.sub(r"(?m)^( *)[-*•] (?=\S)", rf"\g<1>{other} ", text.text)
        yield 0, len(text.text), changed
    elif numbers:
        yield 0, len(text.text), re.sub(r"(?m)^(\d+)\. (?=\S)", r"\1) ", text.text)


def dash(text, rng):
    for found in text.finds(r"(?<=\d)-(?=\d{1,4}\b)"):
        yield each(found, "–")
    for found in text.finds(r"(?<=\w) - (?=\w)"):
        yield each(found, rng.choice([" – ", "—"]))
    for found in text.finds(r"(?<=\w)'(?=\w)"):
        yield each(found, "’")
    for found in text.finds(r"(?<= )\"([^\"\n\\]{3,40})\"(?=[ .,])"):
        yield each(found, f"“{found.group(1)}”")


def currency_out(text, rng):
    for found in text.finds(r"([$€£])(\d[\d,]*(?:\.\d+)?)(?![\d,.]*\d| ?(?:million|billion|thousand|trillion|k\b|M\b|per|/|an? ))"):
        word, code = WRITTEN_OUT[found.group(1)]
        yield each(found, rng.choice([f"{found.group(2)} {word}", f"{code} {found.group(2)}", f"{found.group(2)} {code}"]))


def ordinal_form(text, rng):
    for found in text.finds(r"(?<=\b[Tt]he )(" + "|".join(ORDINALS[1:]) + r")\b"):
        yield each(found, ordinal(ORDINALS.index(found.group()) + 1))
    for found in text.finds(r"(?<=\bthe )(\d{1,2})(?:st|nd|rd|th)\b(?! ?(?:of|,))"):
        number = int(found.group(1))
        if number <= 12:
            yield each(found, ORDINALS[number - 1])


def millions(text, rng):
    for found in text.finds(r"(?<![\d.,$€£])(\d{1,3})(?:\.(\d))? (thousand|million|billion)\b"):
        zeros = {"thousand": 3, "million": 6, "billion": 9}[found.group(3)]
        amount = int(found.group(1)) * 10**zeros + int(found.group(2) or 0) * 10 ** (zeros - 1)
        yield each(found, f"{amount:,}")


def accents(text, rng):
    for found in text.finds(r"\b\w*[à-öø-ÿ]\w*\b"):
        plain = unicodedata.normalize("NFKD", found.group())
        plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
        if plain.isascii():
            yield each(found, plain)


def wrapped(text, rng):
    for found in text.finds(r"(?<=[a-z,]) (?=[a-z])"):
        if "\\n" not in text.text and not text.text.lstrip().startswith(("{", "`", "|", "-", "*")):
            yield each(found, "\n")


def clock(text, rng):
    for found in text.finds(r"\b(1[0-2]|[1-9])(:[0-5]\d)? ?([ap])\.?m\b\.?(?= [a-z])"):
        hour = int(found.group(1)) % 12 + (12 if found.group(3) == "p" else 0)
        yield each(found, f"{hour:02}{found.group(2) or ':00'}")


CHANGES = {
    "year": year, "month": month, "day of month": day, "digit": digit, "number word": number_word, "unit": unit,
    "scale": scale, "currency": currency, "opposite": pairs_of_words(OPPOSITES),
    "before/after": pairs_of_words([("before", "after"), ("prior to", "after"), ("before", "during")]),
    "not put in": not_in, "not taken out": not_out, "ordinal": ordinals, "king's number": numeral, "roles swapped": swapped,
    "sign": sign, "compass, zone, half": zone, "Jr, initial": name_part, "given name": given_name, "country": country,
    "frequency": pairs_of_words(FREQUENCIES), "bound": bound, "quantifier": pairs_of_words(QUANTIFIERS), "version": version,
    "weekday": weekday, "option letter": option,
}
KEEPS = {
    "date form": date_form, "ISO date": iso_date, "grouping": grouping, "figure for word": figure_for_word,
    "percent": percent, "smaller unit": smaller_unit, "synonym": one_way(SYNONYMS), "spelling": pairs_of_words(SPELLINGS),
    "bold": bold, "lead-in": lead_in, "closer": closer, "sentence order": sentence_order, "list marker": list_marker,
    "contraction": one_way(CONTRACTIONS), "dash, quotes": dash, "unit in another language": one_way(UNIT_WORDS, before=r"(?<=\d )"),
    "currency written out": currency_out, "ordinal form": ordinal_form, "million in figures": millions, "accents": accents,
    "line wrapped": wrapped, "24 hours": clock,
}


def lines(path):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def repeats(text, said):
    """Whether what was edited is said again elsewhere."""
    if not said.strip():
        return False
    found = re.findall(rf"(?<!\w){re.escape(said)}(?!\w)", text, re.I)
    return len(found) > 1


def edited(answers, edits, changes, args, rng):
    """At most --per-kind edits of one kind, from answers in random order, one an answer."""
    made = []
    for question, kind, text in rng.sample(answers, len(answers)):
        if len(made) == args.per_kind:
            break
        choices = [it for it in edits(text, rng) if text.text[it[0] : it[1]] != it[2]]
        rng.shuffle(choices)
        for start, end, instead in choices:
            said = text.text[start:end]
            if changes and not args.anywhere and (repeats(text.text, said) or (instead.strip("- ") and repeats(text.text + " " + instead, instead))):
                continue
            made.append({"question": question, "kind": kind, "a": text.text, "b": text.text[:start] + instead + text.text[end:],
                         "at": (start, end), "said": said, "instead": instead})
            break
    return made


def verdicts(rows, program):
    cases = []
    for number, row in enumerate(rows):
        case = {"id": str(number), "question": row["question"], "answers": [{"model": "a", "text": row["a"]}, {"model": "b", "text": row["b"]}]}
        cases.append(json.dumps(case | ({"kind": row["kind"]} if row["kind"] else {})))
    done = subprocess.run([*program, "compare", "--jsonl", "-"], input="\n".join(cases).encode(), stdout=subprocess.PIPE, check=True)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [verdict["id"] for verdict in found] == [str(number) for number in range(len(rows))], "verdicts are not in order"
    return found


def is_there(row, verdict):
    """Whether a conflict quotes the place of the edit."""
    start, end = (len(row["a"][:at].encode()) for at in row["at"])
    quotes = [quote for found in verdict["contradictions"] for side in found["sides"] for quote in side["quotes"]]
    return any(quote["model"] == "a" and quote["byte_span"][0] <= end and start <= quote["byte_span"][1] for quote in quotes)


def share(part, n):
    return f"{100 * part / n:5.1f} %" if n else "      -"


def context(row, margin=60):
    start, end = row["at"]
    clip = lambda text: text.replace("\n", "⏎")
    if end - start > 200:
        return f"{clip(row['a'][:120])} => {clip(row['b'][:120])}"
    return f"…{clip(row['a'][max(0, start - margin) : start])}[{clip(row['said'])} => {clip(row['instead'])}]{clip(row['a'][end : end + margin])}…"


def show(kind, rows, changes, worst, rng):
    seen = [row for row in rows if row["verdict"]["contradictions"]]
    missed = [row for row in rows if not row["verdict"]["contradictions"]]
    settled = [row for row in missed if row["verdict"]["band"] == "settled"]
    there = sum(is_there(row, row["verdict"]) for row in seen)
    n = len(rows)
    note = "" if n >= ENOUGH else "  (too few for the mean)"
    if changes:
        print(f"  {kind:<26} n {n:4}  seen {share(len(seen), n)}  there {share(there, n)}  missed {share(len(missed), n)}  missed and settled {share(len(settled), n)}{note}")
    else:
        print(f"  {kind:<26} n {n:4}  false alarms {share(len(seen), n)}{note}")
    shown = missed if changes else seen
    for row in rng.sample(shown, min(worst, len(shown))):
        print(f"      {row['verdict']['band'] or 'no band'}: {context(row)}")
        for found in row["verdict"]["contradictions"]:
            print(f"         {found['kind']}: " + " | ".join(side["value"] for side in found["sides"]))
    return n, len(seen), len(missed), len(settled)


def summary(table, changes):
    counted = [row for row in table if row[0] >= ENOUGH]
    n = sum(row[0] for row in table)
    if not n:
        print("  nothing to edit")
        return
    pooled = [100 * sum(row[column] for row in table) / n for column in (1, 2, 3)]
    means = [100 * sum(row[column] / row[0] for row in counted) / max(len(counted), 1) for column in (1, 2, 3)]
    for name, (seen, missed, settled) in (("mean over kinds", means), ("pooled", pooled)):
        if changes:
            print(f"  {name:<26} n {n:4}  seen {seen:5.1f} %  missed {missed:5.1f} %  missed and settled {settled:5.1f} %  ({len(counted)} kinds)")
        else:
            print(f"  {name:<26} n {n:4}  false alarms {seen:5.1f} %  ({len(counted)} kinds)")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--program", default="target/release/dissent")
    parser.add_argument("--per-kind", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--worst", type=int, default=0, help="print so many misses and false alarms of each kind, drawn at random")
    parser.add_argument("--only", default="", help="these kinds alone, separated by commas")
    parser.add_argument("--anywhere", action="store_true", help="edit words that stand elsewhere in the answer, too")
    parser.add_argument("--keep", help="write the edited Cases here, with the verdicts")
    args = parser.parse_args()
    answers = []
    for path in args.files:
        for case in lines(path):
            for answer in case["answers"]:
                if answer["text"].strip():
                    answers.append((case.get("question") or "", case.get("kind"), Text(answer["text"])))
    wanted = [name.strip() for name in args.only.split(",") if name.strip()]
    kept = []
    for title, kinds, changes in (("edits that change the meaning", CHANGES, True), ("edits that keep it", KEEPS, False)):
        print(title)
        table = []
        for kind, edits in kinds.items():
            if wanted and kind not in wanted:
                continue
            rng = random.Random(f"{args.seed} {kind}")
            rows = edited(answers, edits, changes, args, rng)
            for row, verdict in zip(rows, verdicts(rows, args.program.split()) if rows else []):
                row["verdict"] = verdict
            table.append(show(kind, rows, changes, args.worst, rng))
            kept += [{"edit": kind, "changes": changes, **row} for row in rows]
        summary(table, changes)
    if args.keep:
        with open(args.keep, "w", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in kept)


if __name__ == "__main__":
    main()
