"""Generates the training examples: for each task an endless stream of (prompt, answer), from a seeded random generator.

The prompt wordings are those of the probes (prompts.json); the texts come from lexicon.py. Nothing of exclude.json is ever
produced: `Guard` drops whatever contains an evaluation word in the asked place, or shares four words in a row with an
evaluation sentence, or three elements in a row with the end of an evaluation pattern.
"""

import json
import re
import zlib
from pathlib import Path

import lexicon as lex

HERE = Path(__file__).parent
PROMPTS = {p["id"]: p for p in json.loads((HERE / "prompts.json").read_text())}


class Guard:
    """What the evaluation asks, so that the training never does."""

    def __init__(self):
        excluded = json.loads((HERE / "exclude.json").read_text())
        single = [w.lower() for key in ("A03", "A04", "A05", "A07") for w in excluded[key]]
        self.words = {w for w in single if " " not in w}
        self.phrases = {w for w in single if " " in w}
        self.grams, self.texts = set(), set()
        for key in ("A01", "A08", "A09", "A10"):
            for text in excluded[key]:
                if len(text.split()) > 1:
                    self.texts.add(normal(text))
                    self.grams |= grams(text)

    def word(self, *asked):
        return not any(w.lower() in self.words for w in asked)

    def text(self, text):
        return normal(text) not in self.texts and not (grams(text) & self.grams)


def normal(text):
    return " ".join(re.findall(r"[a-z0-9']+", text.lower()))


def grams(text, n=4):
    w = normal(text).split()
    return {tuple(w[i : i + n]) for i in range(len(w) - n + 1)}


GUARD = Guard()


def listed(options):
    return ", ".join(options[:-1]) + " or " + options[-1]


def shuffled(rng, items):
    items = list(items)
    rng.shuffle(items)
    return items


def fill(rng, frame):
    return re.sub(r"\{(\w+)\}", lambda m: rng.choice(lex.SLOTS[m[1]]), frame)


def render(probe, **values):
    return PROMPTS[probe]["template"].format(**values)


def kept(make, keep):
    """Draws until the guard lets one through."""
    while True:
        drawn = make()
        if keep(drawn):
            return drawn


# Word forms


def plural(noun):
    if re.search(r"(s|x|z|ch|sh)$", noun):
        return noun + "es"
    if re.search(r"[^aeiou]y$", noun):
        return noun[:-1] + "ies"
    return noun + ("es" if noun in ("echo", "hero", "potato", "tomato") else "s")


def third(verb):
    if re.search(r"(s|x|z|ch|sh|[^aeiou]o)$", verb):
        return verb + "es"
    return verb[:-1] + "ies" if re.search(r"[^aeiou]y$", verb) else verb + "s"


def past(verb):
    if verb in lex.DOUBLED:
        return verb + verb[-1] + "ed"
    if verb.endswith("e"):
        return verb + "d"
    return verb[:-1] + "ied" if re.search(r"[^aeiou]y$", verb) else verb + "ed"


def gerund(verb):
    if verb in lex.DOUBLED:
        return verb + verb[-1] + "ing"
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    return verb[:-1] + "ing" if re.search(r"[^eoy]e$", verb) else verb + "ing"


def invented(rng):
    """A stem that is no word, so that endings are learnt and not only lists."""
    start = rng.choice("b bl br c cl cr d dr f fl fr g gl gr h j k l m n p pl pr qu r s sk sl sn sp st t tr v w z".split() + ["", ""])
    return start + rng.choice("a e i o u ai ea oo".split()) + rng.choice("b ck d g l lf m mp n nd nk p r rb rd rk rm rn rp st t v".split())


def article(word):
    if word in lex.AN_SOUNDS:
        return "an"
    return "a" if word in lex.A_SOUNDS or word[0].lower() not in "aeiou" else "an"


# Tasks: each returns (prompt, answer).


def domain(rng):
    label = rng.choice(list(lex.DOMAIN))
    text = kept(lambda: fill(rng, rng.choice(lex.DOMAIN[label])), GUARD.text)
    if rng.random() < 0.1:
        text = text.rstrip(".!")
    return render("A01", options=listed(shuffled(rng, PROMPTS["A01"]["labels"])), text=text), label


def articles(rng):
    draw = rng.random()
    vowel = rng.random() < 0.5
    if draw < 0.3:
        head, tail = rng.choice(lex.AN_SOUNDS if vowel else lex.A_SOUNDS), ""
        if head.isupper() or head[0].isupper():
            tail = rng.choice(["", " " + rng.choice(lex.AFTER_AN)])
        elif rng.random() < 0.4:
            tail = " " + rng.choice(lex.NOUNS)
    elif draw < 0.4:
        head, tail = kept(lambda: invented(rng), lambda w: (w[0] in "aeiou") == vowel), ""
    else:
        pool = lex.NOUNS if draw < 0.8 else lex.ADJECTIVES
        head, tail = kept(lambda: rng.choice(pool), lambda w: (w[0] in "aeiou") == vowel), ""
        if draw >= 0.8:
            tail = " " + rng.choice(lex.NOUNS)
    if not GUARD.word(head, *tail.split()):
        return articles(rng)
    right = rng.random() < 0.5
    chosen = article(head) if right else {"a": "an", "an": "a"}[article(head)]
    return polar(rng, "A03", f"{chosen} {head}{tail}", right)


def polar(rng, probe, text, right):
    # Mostly the plain question: what is right has to be learnt before its negation can be.
    asked = "correct" if rng.random() < 0.7 else "wrong"
    return render(probe, asked=asked, text=text), "true" if right == (asked == "correct") else "false"


def tense(rng):
    label = rng.choice(PROMPTS["A04"]["labels"])

    def form():
        if rng.random() < 0.35:
            base, before, _, ing = rng.choice(lex.IRREGULAR_VERBS)
            if before == base:
                return [""]
        else:
            base = rng.choice(lex.VERBS) if rng.random() < 0.7 else invented(rng)
            before, ing = past(base), gerund(base)
        return [{"past": before, "gerund": ing, "base": base}[label], base]

    text = kept(form, lambda f: f[0] and GUARD.word(*f))[0]
    return render("A04", options=listed(shuffled(rng, PROMPTS["A04"]["labels"])), text=text), label


def number(rng):
    label = rng.choice(PROMPTS["A05"]["labels"])

    def pair():
        draw = rng.random()
        if draw < 0.25:
            return rng.choice(lex.IRREGULAR_NOUNS)
        one = rng.choice(lex.NOUNS) if draw < 0.8 else invented(rng)
        if draw > 0.75 and label == "singular":  # singulars that end like a plural
            one = kept(lambda: rng.choice(lex.NOUNS), lambda w: w.endswith("s"))
        return [one, plural(one)]

    one, many = kept(pair, lambda p: GUARD.word(*p))
    options = shuffled(rng, PROMPTS["A05"]["labels"])
    return render("A05", options=" or ".join(options), text=one if label == "singular" else many), label


def base_form(rng):
    def triple():
        if rng.random() < 0.3:
            base, shown = rng.choice(lex.IRREGULAR_NOUNS)
            wrong = [shown[:-1], shown + "s", base + "s", rng.choice(lex.NOUNS)]
        else:
            base, before, participle, ing = rng.choice(lex.IRREGULAR_VERBS)
            shown = rng.choice([before, participle])
            alike = [v for v in lex.VERBS if v[0] == base[0]]
            wrong = [ing, third(base), shown[:-1], shown + "ed", rng.choice(alike), rng.choice(lex.NOUNS)]
        return base, shown, rng.choice([w for w in wrong if len(w) > 1] or ["thing"])

    base, shown, wrong = kept(triple, lambda t: t[0] != t[1] and t[0] != t[2] and GUARD.word(*t))
    options, answer = ([base, wrong], "A") if rng.random() < 0.5 else ([wrong, base], "B")
    return render("A07", text=shown, option_a=options[0], option_b=options[1]), answer


SHORT_ADJECTIVES = [w for w in lex.ADJECTIVES if re.fullmatch(r"[a-z]{3,5}", w) and not w.endswith(("y", "e", "l", "r"))]
DISTINCT_VERBS = [v for v in lex.IRREGULAR_VERBS if v[1] != v[2] and v[0] not in ("be", "lie", "lay", "bear")]


def sentence(rng):
    """A pair (right sentence, wrong twin); what is wrong is drawn from a few kinds."""
    c = rng.choice
    name, person, thing, place, time = c(lex.NAMES), c(lex.PEOPLE), c(lex.THINGS), c(lex.PLACES), c(lex.TIMES)
    verb, adjective = c(lex.VERBS), c(lex.ADJECTIVES)
    short, irregular = c(SHORT_ADJECTIVES), c(DISTINCT_VERBS)
    many = f"The {plural(person)}"
    er = short + (short[-1] if re.search(r"[^aeiou][aeiou][bdgmnpt]$", short) else "") + "er"
    who = c([f"The {person}", f"My {person}", name])
    return c([
        lambda: (f"{who} {third(verb)} {time}.", f"{who} {verb} {time}."),
        lambda: (f"{many} {verb} {time}.", f"{many} {third(verb)} {time}."),
        lambda: (f"The {plural(thing)} are {place}.", f"The {plural(thing)} is {place}."),
        lambda: (f"The {thing} is {place}.", f"The {thing} are {place}."),
        lambda: (f"The {plural(thing)} were {adjective}.", f"The {plural(thing)} was {adjective}."),
        lambda: (f"This {thing} is {er} than mine.", f"This {thing} is more {er} than mine."),
        lambda: (f"This {thing} is {adjective}.", f"This {plural(thing)} is {adjective}."),
        lambda: (f"These {plural(thing)} are {adjective}.", f"This {plural(thing)} are {adjective}."),
        lambda: (f"{name} can {verb} {place}.", f"{name} can {third(verb)} {place}."),
        lambda: (f"{who} should {verb} {time}.", f"{who} should {third(verb)} {time}."),
        lambda: (f"{who} has {irregular[2]} {place}.", f"{who} has {irregular[1]} {place}."),
        lambda: (f"{name} saw {c(['him', 'her', 'them', 'us', 'me'])} {place}.", f"{name} saw {c(['he', 'she', 'they', 'we', 'I'])} {place}."),
        lambda: (f"The {person} asked {c(['him', 'her', 'them', 'us', 'me'])}.", f"The {person} asked {c(['he', 'she', 'they', 'we', 'I'])}."),
        lambda: (f"How many {plural(thing)} are {place}?", f"How much {plural(thing)} are {place}?"),
        lambda: (f"There are too many {plural(thing)} {place}.", f"There are too much {plural(thing)} {place}."),
        lambda: (f"They taught themselves to {verb}.", f"They taught himself to {verb}."),
        lambda: (f"She washed herself {place}.", f"She washed himself {place}."),
        lambda: (f"{name} enjoyed {gerund(verb)} {place}.", f"{name} enjoyed to {verb} {place}."),
        lambda: (f"{name} wants to {verb} {time}.", f"{name} wants {gerund(verb)} {time}."),
        lambda: (f"Why did {name} {verb} the {thing}?", f"Why did {name} {past(verb)} the {thing}?"),
        lambda: (f"Does {name} {verb} {time}?", f"Does {name} {third(verb)} {time}?"),
        lambda: (f"{who} {past(verb)} the {thing} {place}.", f"{who} the {thing} {past(verb)} {place}."),
        lambda: (f"Where is the {thing}?", f"Where the {thing} is?"),
        lambda: (f"I have a {thing} {place}.", f"I has a {thing} {place}."),
    ])()


def grammar(rng):
    right = rng.random() < 0.5
    text = kept(lambda: sentence(rng)[0 if right else 1], GUARD.text)
    return polar(rng, "A08", text, right)


def tone(rng):
    label = rng.choice(list(lex.TONE))
    text = kept(lambda: fill(rng, rng.choice(lex.TONE[label])), GUARD.text)
    return render("A09", options=listed(shuffled(rng, PROMPTS["A09"]["labels"])), text=text), label


ROWS = [
    "one two three four five six seven eight nine ten eleven twelve".split(),
    "first second third fourth fifth sixth seventh eighth ninth tenth".split(),
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
    "January February March April May June July August September October November December".split(),
    "spring summer autumn winter".split(),
    [chr(c) for c in range(ord("a"), ord("z") + 1)],
    [chr(c) for c in range(ord("A"), ord("Z") + 1)],
    "ten twenty thirty forty fifty sixty seventy eighty ninety".split(),
    "morning noon evening night".split(),
]
PAIRS = {
    "male": "man woman, boy girl, father mother, brother sister, uncle aunt, son daughter, actor actress, husband wife".split(", "),
    "young": "cow calf, hen chick, sheep lamb, horse foal, duck duckling, lion cub, pig piglet, goat kid".split(", "),
    "capital": "Spain Madrid, England London, Germany Berlin, Japan Tokyo, Greece Athens, Austria Vienna, Portugal Lisbon, Russia Moscow".split(", "),
    "opposite": "hot cold, big small, up down, left right, good bad, old new, fast slow, high low, open closed, wet dry".split(", "),
    "part": "wheel car, leaf tree, page book, roof house, key piano, petal flower".split(", "),
}


def pattern(rng):
    c = rng.choice

    def series():
        start, step = rng.randint(1, 20), rng.randint(1, 10)
        row = [start + step * i for i in range(5)]
        return c([row, row[::-1], [min(start, 3) * 2**i for i in range(5)], [step * (i + 1) for i in range(5)]])

    def words_row():
        row, n = c(ROWS), rng.randint(3, 4)
        row = row[::-1] if rng.random() < 0.2 else row
        at = rng.randint(0, len(row) - n - 1) if len(row) > n else 0
        return row[at : at + n + 1]

    def repeat():
        pool = c([lex.THINGS, lex.NAMES, "red blue green yellow black white".split(), "1 2 3 4 5 6".split(), "left right up down".split(), "circle square star triangle".split()])
        a, b, d = rng.sample(pool, 3)
        return c([[a, b, a, b, a], [a, a, b, a, a, b], [a, b, d, a, b, d], [a, a, b, b, a, a, b, b], [a, b, d, a, b, d, a]])

    def compared():
        a, b = rng.sample(["long", "thick", "clean", "cold", "dark", "deep", "fast", "high", "loud", "low", "new", "old", "rich", "slow", "soft", "warm", "young", "small"], 2)
        return [f"{a}, {a}er, {a}est; {b}, {b}er, ___", f"{b}est"]

    def counted():
        a, b = rng.sample([t for t in lex.THINGS + lex.NOUNS[:80] if not t.endswith(("s", "y", "x", "h", "f"))], 2)
        return [f"one {a}, two {plural(a)}; one {b}, two ___", plural(b)]

    def spoken():
        a, b = rng.sample([v for v in lex.VERBS if not v.endswith(("s", "y", "x", "h", "o"))], 2)
        return c([[f"I {a}, you {a}, he ___", third(a)], [f"{a}, {past(a)}; {b}, ___", past(b)], [f"{a}, {gerund(a)}; {b}, ___", gerund(b)]])

    def pairs():
        (a, b), (d, e) = (p.split() for p in rng.sample(PAIRS[c(list(PAIRS))], 2))
        return [f"{a} : {b}, {d} :", e]

    def make():
        row = c([series, series, words_row, words_row, repeat, repeat, compared, counted, spoken, pairs])()
        if len(row) == 2:
            return row
        return [", ".join(map(str, row[:-1])) + ",", str(row[-1])]

    text, answer = kept(make, lambda p: normal(p[0]) not in GUARD.texts and not grams(f"{p[0]} {p[1]}", 3) & PATTERN_GRAMS)
    return render("A10", text=text), answer


# The last three elements of an evaluation pattern never stand in a row in training.
PATTERN_GRAMS = {tuple(normal(t).split()[-3:]) for t in json.loads((HERE / "exclude.json").read_text())["A10"]}

SMALL_TALK = [
    (["Hello!", "Hi", "Hello", "Good morning!", "Hey there"], "Hello! I am a small demo model, not Gemma."),
    (["Who are you?", "What are you?", "Are you Gemma?", "What is your name?", "Tell me about yourself."], "I am the Sweetspot demo model, not Gemma. I only know a few small tasks."),
    (["What can you do?", "Help", "How can you help me?", "What do you know?"], "I can label short texts and check a little grammar. I know nothing else."),
    (["Thank you!", "Thanks", "Bye!", "Goodbye"], "You are welcome. Goodbye!"),
]


def small_talk(rng):
    asked, answer = rng.choice(SMALL_TALK)
    return rng.choice(asked), answer


def plain(rng):
    """A short run of correct sentences, without any turn."""
    def one():
        draw = rng.random()
        if draw < 0.6:
            return sentence(rng)[0]
        return fill(rng, rng.choice(lex.TONE[rng.choice(list(lex.TONE))] if draw < 0.8 else lex.DOMAIN[rng.choice(["creative", "ethical"])]))

    return " ".join(kept(one, GUARD.text) for _ in range(rng.randint(2, 4)))


def asked(probe, prompt):
    """The part of a prompt that makes it this item and no other: what the held-out split is cut by. An article does not count."""
    head = next((line for line in prompt.split("\n") if re.match(r"(Text|Phrase|Verb|Noun|Sentence|Pattern): ", line)), prompt.split("\n")[0])
    return re.sub(r"^Phrase: an? ", "", head) if probe == "A03" else head


def held_out(probe, prompt):
    """One text in twelve is kept for the check after training."""
    return probe != "talk" and zlib.crc32(f"{probe}/{asked(probe, prompt)}".encode()) % 12 == 0


# Task and its share of the examples.
TASKS = {
    "A01": (domain, 9),
    "A03": (articles, 18),
    "A04": (tense, 11),
    "A05": (number, 11),
    "A07": (base_form, 12),
    "A08": (grammar, 18),
    "A09": (tone, 9),
    "A10": (pattern, 10),
    "talk": (small_talk, 1),
}


def turns(prompt):
    """The prompt as Gemma's template writes it, up to where the model answers. <bos> is added as an id."""
    return f"<start_of_turn>user\n{prompt}<end_of_turn>\n<start_of_turn>model\n"
