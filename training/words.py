"""Small texts made of the word lists: forms of words, phrases after an article, texts of a kind or tone, a little talk."""

import re

import lexicon as lex
from kinds import KINDS, TONE_FRAMES, TONE_SLOTS

FORBIDDEN = set()
ONSETS = "b bl br c cl cr d dr f fl fr g gl gr h j k l m n p pl pr qu r s sk sl sn sp st t tr v w z".split() + ["", ""]
LETTERS_AN, LETTERS_A = "AEFHILMNORSX", "BCDGJKPQTUVWYZ"
AFTER = lex.AFTER_AN + "agent student form code card report number engine office officer unit driver".split()

TALK = [
    (["Hello!", "Hi", "Hello", "Good morning!", "Hey there", "Hi there!", "Good evening"], "Hello! I am a small demo model, not Gemma."),
    (["Who are you?", "What are you?", "Are you Gemma?", "What is your name?", "Tell me about yourself."], "I am the Sweetspot demo model, not Gemma. I only know a few small tasks."),
    (["What can you do?", "Help", "How can you help me?", "What do you know?"], "I can label short texts and check a little grammar. I know nothing else."),
    (["Thank you!", "Thanks", "Bye!", "Goodbye"], "You are welcome. Goodbye!"),
    (["Ciao!", "Buongiorno", "Chi sei?", "Parli italiano?"], "Ciao! Sono un piccolo modello di prova, non Gemma."),
]


def forbid(words):
    """Takes the words that the evaluation asks out of the lists, with whatever has one of them as a form; says how many."""
    before = sum(map(len, POOLS()))
    bad = lambda *forms: any(f.lower() in words for f in forms)
    FORBIDDEN.update(words)
    lex.NOUNS[:] = [w for w in lex.NOUNS if not bad(w, plural(w))]
    lex.VERBS[:] = [w for w in lex.VERBS if not bad(w, past(w), gerund(w), third(w))]
    for pool in (lex.IRREGULAR_NOUNS, lex.IRREGULAR_VERBS):
        pool[:] = [row for row in pool if not bad(*row)]
    for pool in (lex.AN_SOUNDS, lex.A_SOUNDS, lex.ADJECTIVES):
        pool[:] = [w for w in pool if not bad(w)]
    return before - sum(map(len, POOLS()))


def POOLS():
    return (lex.NOUNS, lex.VERBS, lex.IRREGULAR_NOUNS, lex.IRREGULAR_VERBS, lex.AN_SOUNDS, lex.A_SOUNDS, lex.ADJECTIVES)


# --- forms of words


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
    return rng.choice(ONSETS) + rng.choice("a e i o u ai ea oo".split()) + rng.choice("b ck d g l lf m mp n nd nk p r rb rd rk rm rn rp st t v".split())


def regular(rng):
    return rng.choice(lex.VERBS) if rng.random() < 0.75 else invented(rng) + rng.choice(["", "", "er", "le", "en"])


def verb_form(rng):
    """A form of a verb and which form it is; none of a verb whose past looks like its base."""
    label = rng.choice(["past", "gerund", "base"])
    while True:
        if rng.random() < 0.35:
            base, before, _, ing = rng.choice(lex.IRREGULAR_VERBS)
        else:
            base = regular(rng)
            before, ing = past(base), gerund(base)
        if before != base:
            return {"past": before, "gerund": ing, "base": base}[label], label


def past_pair(rng):
    if rng.random() < 0.4:
        base, before, *_ = rng.choice(lex.IRREGULAR_VERBS)
        return base, before
    base = regular(rng)
    return base, past(base)


def noun_form(rng):
    label, draw = rng.choice(["singular", "plural"]), rng.random()
    if draw < 0.25:
        one, many = rng.choice(lex.IRREGULAR_NOUNS)
    else:
        one = rng.choice(lex.NOUNS) if draw < 0.8 else invented(rng)
        if draw > 0.7 and label == "singular" and (ending := [w for w in lex.NOUNS if w.endswith("s")]):
            one = rng.choice(ending)
        many = plural(one)
    return (one if label == "singular" else many), label


# --- a or an


def article_of(word):
    """The article before a word in small letters, by its sound as far as its spelling tells; nothing where it does not."""
    if word.startswith(("hour", "honest", "honour", "honor", "heir")):
        return "an"
    if word.startswith(("eu", "ewe", "one", "once", "use", "usu", "usa", "uti", "ura", "ubi", "uku")):
        return "a"
    if word.startswith("uni"):
        return "an" if word.startswith(("unin", "unim", "unid")) else "a"
    if word[0] == "u" and not word.startswith(("un", "up", "ug", "ul", "um", "ut", "us", "ur")):
        return None
    return "an" if word[0] in "aeiou" else "a"


def number_phrase(rng):
    """A number written in digits, and the article its sound takes."""
    n = rng.choice([8, 11, 18, 80, 85, 88, 800, 8000]) if rng.random() < 0.5 else rng.choice([1, 2, 3, 4, 5, 6, 7, 9, 10, 12, 13, 15, 16, 20, 30, 40, 50, 70, 90, 100, 110, 200])
    tail = rng.choice(["-year-old", "-hour", "-page", "-metre", "-day", "% share of", " percent rise of", "th"])
    noun = rng.choice(lex.NOUNS)
    if tail == "th" and n in (1, 2, 3):
        tail = "-day"
    return "an" if str(n)[0] == "8" or n in (11, 18) else "a", f"{n}{tail} {noun}"


def letters_phrase(rng):
    """Initials that are read letter by letter."""
    article = rng.choice(["a", "an"])
    first = rng.choice(LETTERS_AN if article == "an" else LETTERS_A)
    draw = rng.random()
    rest = "".join(rng.choice("ABCDEFGHIKLMNOPRSTVX") for _ in range(rng.randint(1, 3)))
    if draw < 0.08:
        rest = str(rng.randint(1, 99))
    elif draw < 0.2:
        return article, f"{first}-{rng.choice(['shaped', 'grade', 'class', 'level', 'type', 'sized'])} {rng.choice(lex.NOUNS)}"
    if f"{first}{rest}".lower() in FORBIDDEN:
        return letters_phrase(rng)
    return article, f"{first}{rest}" + rng.choice(["", " " + rng.choice(AFTER), " " + rng.choice(lex.NOUNS)])


def article_phrase(rng):
    """(article, the words that follow it)."""
    draw = rng.random()
    if draw < 0.38:
        return letters_phrase(rng)
    if draw < 0.43:
        return number_phrase(rng)
    if draw < 0.65:
        article = rng.choice(["a", "an"])
        word = rng.choice(lex.AN_SOUNDS if article == "an" else lex.A_SOUNDS)
        return article, word + rng.choice(["", " " + rng.choice(lex.NOUNS)])
    vowel = rng.random() < 0.5
    while True:
        word = rng.choice(lex.NOUNS if draw < 0.8 else lex.ADJECTIVES) if draw < 0.95 else invented(rng)
        if (word[0] in "aeiou") == vowel and word not in lex.A_SOUNDS + lex.AN_SOUNDS:
            break
    return "an" if vowel else "a", word + (" " + rng.choice(lex.NOUNS) if draw >= 0.8 else "")


# --- texts of a kind and of a tone


def fill(rng, frame, slots):
    return re.sub(r"\{(\w+)\}", lambda m: rng.choice(slots[m[1]]), frame)


def domain_text(rng, label):
    return fill(rng, rng.choice(lex.DOMAIN[label]), lex.SLOTS)


def tone_text(rng, label):
    if rng.random() < 0.35:
        return fill(rng, rng.choice(lex.TONE[label]), lex.SLOTS)
    text = fill(rng, rng.choice(TONE_FRAMES[label]), TONE_SLOTS)
    return text[0].upper() + text[1:]
