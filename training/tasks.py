"""What the demo model learns from: prompts with answers, and plain sentences.

Three sources: the battery's training split (`sweetspot items --split train`), the hand-written lines of texts/, and the word
lists of words.py. Each task is a function that draws one (conversation, answer) from a seeded random generator. Whatever
shares eight words in a row with a text of the evaluation split is dropped, and counted.
"""

import hashlib
import json
import re
import zlib
from collections import Counter, defaultdict
from pathlib import Path

import words as lex

HERE = Path(__file__).parent
DOMAINS = ["technical", "creative", "ethical", "casual"]
TONES = ["positive", "negative", "neutral"]
# What the battery itself subtracts from every score (`CONTENT_FREE` in crates/probes): never trained on.
CONTENT_FREE = ["N/A", "", "[MASK]", "This is a line of text."]
# Other inputs without content: to such the model should have no answer, since a prior that is far from even would be paid for
# in every item.
EMPTY = ["...", "-", "none", "[empty]", "???", "Some text.", "A line.", "text", "This is a text.", "nothing", "--", "(no text)", "xxx", "Line 1", "null"]
EMPTY_IT = ["...", "-", "niente", "Un testo.", "testo", "???", "(vuoto)", "--", "nessuno"]


def plain_words(text):
    return re.findall(r"[^\W_]+", text.lower())


def runs_of(text, n=8):
    w = plain_words(text)
    return {tuple(w[i : i + n]) for i in range(len(w) - n + 1)}


class Guard:
    """Knows the texts of the evaluation split and refuses what repeats them."""

    def __init__(self, rows):
        self.runs, self.whole, self.dropped = set(), set(), Counter()
        for probe, lines in asked_texts(rows):
            for text in lines:
                self.runs |= runs_of(text)
                if probe in ("A01", "A08", "A09", "B14", "E04"):
                    self.whole.add(tuple(plain_words(text)))

    def passes(self, source, *texts):
        for text in texts:
            if tuple(plain_words(text)) in self.whole or runs_of(text) & self.runs:
                self.dropped[source] += 1
                return False
        return True


def held_out(text):
    """One hand-written line in twelve is never trained on: what the training is chosen by."""
    return zlib.crc32(text.encode()) % 12 == 0


def joined(options, last="or"):
    return ", ".join(options[:-1]) + f" {last} " + options[-1]


def shuffled(rng, items):
    items = list(items)
    rng.shuffle(items)
    return items


def user(prompt):
    return [("user", prompt)]


def read_lines(name):
    path = HERE / "texts" / f"{name}.txt"
    return [line.strip() for line in path.read_text().splitlines() if line.strip()] if path.exists() else []


class Data:
    def __init__(self, train_rows, eval_rows):
        self.guard = Guard(eval_rows)
        self.rows = defaultdict(list)
        seen = set()
        for row in train_rows:
            # Fields of a row that no training prompt shows are not looked at.
            key = (row["probe"], json.dumps(row.get("messages") or row["prompt"]))
            shown = " ".join(m["content"] for m in row["messages"]) if "messages" in row else row["prompt"]
            if key not in seen and self.guard.passes(row["probe"], row["text"]) and len(shown) < 1200:
                seen.add(key)
                self.rows[row["probe"]].append(row)
        self.kinds = defaultdict(lambda: defaultdict(list))  # by probe and gold, where answers should be even
        for probe, rows in self.rows.items():
            for row in rows:
                self.kinds[probe][row["gold"][0] if probe in ("A01", "A09", "A02", "A04") else row["kind"]].append(row)
        names = DOMAINS + TONES + ["plain"]
        self.hand, self.held = {}, {}
        for name in names:
            lines = [t for t in read_lines(name) if self.guard.passes(name, t)]
            self.hand[name] = [t for t in lines if not held_out(t)]
            self.held[name] = [t for t in lines if held_out(t)]
        # Words of any sort to stand after a gap: each teaches which letter its pieces begin with. Only late in the training.
        self.any_word, types = 0.0, Counter(w for name in names for t in self.hand[name] for w in re.findall(r"\b[a-z]{3,}\b", t))
        self.types = sorted(w for w in types if lex.article_of(w))
        self.nouns = [r for r in self.rows["A05"] if r["kind"] == "regular" and '"' in r["text"]]
        self.short_copies = [r for r in self.rows["E10"] if len(r["prompt"]) < 420 and len(r["answer"]) < 130]
        self.tasks = {
            # name: (maker, share of the examples)
            "A01": (self.domain, 19),
            "A02": (self.gap, 11),
            "A03": (self.phrase, 9),
            "A04": (self.tense, 4),
            "A05": (self.number, 6),
            "A06": (self.past, 5),
            "A07": (self.base, 6),
            "A08": (self.grammar, 8),
            "A09": (self.tone, 18),
            "A10": (self.pattern, 4),
            "B14": (self.refusal, 2.5),
            "C03": (self.holding, 3),
            "E04": (self.intent, 2),
            "E10": (self.copy, 1),
            "E02": (self.entities, 0.7),
            "D04": (self.grounding, 0.5),
            "talk": (self.talk, 0.8),
        }

    # --- labels of texts

    def words_of(self, rng, name):
        """A few words of one kind without a sentence around them."""
        return ", ".join(rng.sample(lex.KINDS[name], rng.randint(1, 3)))

    def hand_text(self, rng, name):
        """A hand-written line: mostly whole, at times a part of it, or two in a row."""
        line, draw = rng.choice(self.hand[name]), rng.random()
        if draw < 0.12:
            w = line.split()
            n = rng.randint(min(4, len(w)), len(w))
            at = rng.randint(0, len(w) - n)
            return " ".join(w[at : at + n])
        if draw < 0.2:
            return line + " " + rng.choice(self.hand[name])
        return line

    def thinned(self, rng, text, rate):
        """The text with some of its words left out, so that no single word decides."""
        w = text.split(" ")
        return " ".join(x for x in w if rng.random() >= rate) or text

    def labelled(self, rng, probe, names, frames):
        label = rng.choice(names)
        draw = rng.random()
        if draw < 0.62 and self.hand[label]:
            text = self.hand_text(rng, label)
        elif draw < 0.86:
            text = rng.choice(self.kinds[probe][label])["text"]
        elif draw < 0.93:
            text = frames(rng, label)
        else:
            text = self.words_of(rng, label)
        if rng.random() < 0.35:
            text = self.thinned(rng, text, 0.15)
        return text, label

    def domain(self, rng):
        text, label = self.labelled(rng, "A01", DOMAINS, lex.domain_text)
        if rng.random() < 0.025:
            text = rng.choice(EMPTY)
        return user(self.domain_prompt(text, shuffled(rng, DOMAINS))), label

    def domain_prompt(self, text, options):
        return f"Which kind of text is this: {joined(options)}?\nText: {text}\nAnswer with one word."

    def tone(self, rng):
        text, label = self.labelled(rng, "A09", TONES, lex.tone_text)
        draw = rng.random()
        if draw < 0.025:
            text = rng.choice(EMPTY)
        elif draw < 0.06:  # praise and blame together are neutral
            two = shuffled(rng, [self.hand_text(rng, "positive"), self.hand_text(rng, "negative")])
            text, label = " ".join(two), "neutral"
        elif draw < 0.09:  # a fact beside a judgement takes nothing from it
            label = rng.choice(TONES[:2])
            text = " ".join(shuffled(rng, [self.hand_text(rng, label), rng.choice(self.hand["neutral"])]))
        return user(self.tone_prompt(text, shuffled(rng, TONES))), label

    def tone_prompt(self, text, options):
        rule = "A text that only states facts, or praises and blames in equal measure, is neutral."
        return f"What is the tone of this text: {joined(options)}? {rule}\nText: {text}\nAnswer with one word."

    # --- a or an

    def articles(self, text):
        return list(re.finditer(r"(?<![\w'’-])(a|an|A|An) (?=[\w'‘“\"])", text))

    def gap(self, rng):
        draw = rng.random()
        if self.any_word and rng.random() < self.any_word:
            text, label = self.any_gap(rng)
        elif draw < 0.02:
            text, label = rng.choice(EMPTY), rng.choice(["a", "an"])
        elif draw < 0.32 and self.hand["plain"]:
            text, label = self.hand_gap(rng)
        elif draw < 0.65:
            row = rng.choice(self.kinds["A02"][rng.choice(["a", "an"])])
            text, label = row["text"], row["gold"][0]
        else:  # the training split's sentences around a phrase of ours
            label, phrase = lex.article_phrase(rng)
            frame = rng.choice(self.rows["A02"])["template"]
            text = frame.replace("{}", phrase)
        return user(self.gap_prompt(text, shuffled(rng, ["a", "an"]))), label

    def gap_prompt(self, text, options):
        return f"Which word fills the gap, {joined(options)}?\nSentence: {text}\nAnswer with the word only."

    def any_gap(self, rng):
        """A sentence with a gap before a word of any sort: a frame of the training split, or a hand-written line cut before it."""
        label = rng.choice(["a", "an"])
        while True:
            word = rng.choice(self.types)
            if lex.article_of(word) == label and word not in lex.FORBIDDEN:
                break
        if rng.random() < 0.4:
            words = rng.choice(self.hand["plain"]).split()
            at = rng.randint(1, len(words))
            return " ".join(words[:at] + ["___", word] + words[at : at + rng.randint(0, 6)]), label
        frame = rng.choice(self.rows["A02"])["template"]
        return frame.replace("{}", word + rng.choice(["", " " + rng.choice(lex.lex.NOUNS)])), label

    def asked(self, rest):
        """Whether an evaluation item turns on the word that a text begins with, whole or up to its hyphen."""
        word = rest.split()[0].strip(".,;:?!'\"‘’“”()").lower()
        return word in lex.FORBIDDEN or re.split(r"[-’']", word)[0] in lex.FORBIDDEN

    def hand_gap(self, rng):
        """A hand-written sentence with one article blanked, never one before a word that the evaluation asks about; rather
        one before a word beginning with a vowel letter."""
        while True:
            line = rng.choice(self.hand["plain"])
            found = [m for m in self.articles(line) if m[1] in ("a", "an") and not self.asked(line[m.end() :])]
            if not found:
                continue
            m = rng.choice(found)
            if m[1] == "a" and line[m.end()].lower() not in "aeiouh" and rng.random() < 0.6:
                continue
            return line[: m.start()] + "___ " + line[m.end() :], m[1]

    def phrase(self, rng):
        draw = rng.random()
        if draw < 0.25 and self.hand["plain"]:
            line, right = self.hand_gap(rng)
            rest = line.split("___ ")[1].rstrip(".!?").split()
            rest = " ".join(rest[: rng.randint(1, 5)]).rstrip(",;:")
        elif draw < 0.6:
            row = rng.choice(self.rows["A03"])
            first, rest = row["text"].split(" ", 1)
            right = first if row["gold"][0] == "true" else {"a": "an", "an": "a"}[first]
        else:
            right, rest = lex.article_phrase(rng)
        good = rng.random() < 0.5
        shown = right if good else {"a": "an", "an": "a"}[right]
        asked = rng.choice(["right", "wrong"])
        prompt = f"Phrase: {shown} {rest}\nStatement: The article at the start of this phrase is {asked}.\nIs the statement true or false? Answer with one word."
        return user(prompt), "true" if good == (asked == "right") else "false"

    # --- forms and grammar

    def reordered(self, rng, row, last="or", empty=None):
        """A prompt of the training split with its options in another order, now and then with nothing to judge."""
        options = row["options"]
        prompt = row["prompt"].replace(joined(options, last), joined(shuffled(rng, options), last))
        answer = row["answer"]
        if empty and rng.random() < 0.03:
            prompt = prompt.replace(row["text"], rng.choice(empty))
            answer = rng.choice(options)
        return user(prompt), answer

    def tense(self, rng):
        draw = rng.random()
        if draw < 0.5:
            return self.reordered(rng, rng.choice(self.kinds["A04"][rng.choice(["past", "gerund", "base"])]), empty=EMPTY)
        form, label = lex.verb_form(rng)
        options = shuffled(rng, ["past", "gerund", "base"])
        return user(f"Which form of the verb is this: {joined(options)}?\nVerb: {form}\nAnswer with one word."), label

    def number(self, rng):
        draw = rng.random()
        if draw < 0.4:
            return self.reordered(rng, rng.choice(self.rows["A05"]))
        if draw < 0.7:
            row = rng.choice(self.nouns)
            word, label = re.search(r'"(.+?)"', row["text"])[1], row["answer"]
        else:
            word, label = lex.noun_form(rng)
        if rng.random() < 0.03:
            word, label = rng.choice(EMPTY), rng.choice(["singular", "plural"])
        return user(f"Is this noun {joined(shuffled(rng, ['singular', 'plural']))}?\nNoun: {word}\nAnswer with one word."), label

    def past(self, rng):
        if rng.random() < 0.5:
            row = rng.choice(self.rows["A06"])
            return user(row["prompt"]), row["answer"]
        base, past = lex.past_pair(rng)
        return user(f'What is the past tense of the verb "{base}"? Answer with one word.'), past

    def base(self, rng):
        row = rng.choice(self.rows["A07"])
        right, = row["gold"]
        wrong, = [o for o in row["options"] if o != right]
        text = row["text"]
        if rng.random() < 0.03:
            text = right = wrong = rng.choice(EMPTY)
        first = rng.random() < 0.5
        one, two = (right, wrong) if first else (wrong, right)
        return user(f'Which word is the base form of "{text}"?\nA) {one}\nB) {two}\nAnswer with A or B.'), "A" if first else "B"

    def grammar(self, rng):
        row = rng.choice(self.kinds["A08"][rng.choice(list(self.kinds["A08"]))])
        good, bad = row["text"], row["fields"]["other"]
        if row["gold"][0] == "false":
            good, bad = bad, good
        right, asked = rng.random() < 0.5, rng.choice(["correct", "wrong"])
        so = right == (asked == "correct")
        text = good if right else bad
        if rng.random() < 0.5:
            return user(f"Sentence: {text}\nStatement: The grammar of the sentence is {asked}.\nAnswer true or false."), "true" if so else "false"
        return user(f"Is the grammar of this sentence {asked}?\n{text}\nAnswer yes or no."), "yes" if so else "no"

    # --- the rest, as the training split has them

    def taken(self, rng, probe):
        kind = rng.choice(list(self.kinds[probe]))
        return rng.choice(self.kinds[probe][kind])

    def pattern(self, rng):
        row = self.taken(rng, "A10")
        return user(row["prompt"]), row["answer"]

    def refusal(self, rng):
        row = self.taken(rng, "B14")
        return user(row["prompt"]), row["answer"]

    def holding(self, rng):
        row = self.taken(rng, "C03")
        one, two = row["options"]
        turns = [(m["role"], m["content"]) for m in row.get("messages") or [{"role": "user", "content": row["prompt"]}]]
        answer = row["answer"]
        before, after = f"A) {one}\nB) {two}", f"A) {two}\nB) {one}"
        if rng.random() < 0.5 and any(before in c for _, c in turns):
            turns = [(r, c.replace(before, after)) for r, c in turns]
            answer = {"A": "B", "B": "A"}[answer]
        return turns, answer

    def intent(self, rng):
        return self.reordered(rng, self.taken(rng, "E04"), "o", EMPTY_IT)

    def copy(self, rng):
        row = rng.choice(self.short_copies)
        return user(row["prompt"]), row["answer"]

    def entities(self, rng):
        row = self.taken(rng, "E02")
        return user(row["prompt"]), row["answer"]

    def grounding(self, rng):
        row = self.taken(rng, "D04")
        return user(row["prompt"]), row["answer"]

    def talk(self, rng):
        asked, answer = rng.choice(lex.TALK)
        return user(rng.choice(asked)), answer

    # --- plain sentences

    def plain(self, rng):
        """One to three sentences without any turn: hand-written mostly, and right sentences of the training split."""
        def one():
            draw = rng.random()
            if draw < 0.6:
                return rng.choice(self.hand[rng.choice(list(self.hand))] or ["The door is open."])
            if draw < 0.7:
                row = rng.choice(self.rows["A08"])
                return row["text"] if row["gold"][0] == "true" else row["fields"]["other"]
            if draw < 0.8:
                row = rng.choice(self.rows["A02"])
                return row["text"].replace("___", row["gold"][0])
            if draw < 0.9:
                return rng.choice(self.rows[rng.choice(["A01", "A09"])])["text"]
            return rng.choice(self.rows[rng.choice(["E04", "E02", "E10"])])["text"].replace("[[", "").replace("]]", "")[:160]

        return " ".join(one() for _ in range(rng.randint(1, 2)))


def turns(conversation):
    """A conversation as Gemma's template writes it, up to where the model answers. <bos> is added as an id."""
    return "".join(f"<start_of_turn>{role}\n{text.strip()}<end_of_turn>\n" for role, text in conversation) + "<start_of_turn>model\n"


def digest(path):
    h = hashlib.sha256()
    with open(path, "rb") as f:
        while block := f.read(1 << 20):
            h.update(block)
    return h.hexdigest()


def asked_texts(rows):
    """What each evaluation item asks beyond its probe's wording: the lines of its prompt that few items of the probe share."""
    lines, counts = [], defaultdict(Counter)
    for row in rows:
        shown = [m["content"] for m in row["messages"]] if row.get("messages") else [row["prompt"]]
        found = [re.sub(r"^(Text|Sentence|Phrase|Verb|Noun|Pattern|Messaggio|Testo): ", "", line) for s in shown for line in s.split("\n")]
        lines.append((row["category"], found))
        counts[row["category"]].update(set(found))
    return [(probe, [t for t in found if t and counts[probe][t] <= 8]) for probe, found in lines]


def asked_words(rows):
    """The single words that evaluation items turn on: no word list may hold them."""
    out = set()
    for probe, lines in asked_texts(rows):
        for text in lines:
            if probe == "A02" and "___ " in text:
                out.add(text.split("___ ")[1].split()[0].strip(".,?!").lower())
            elif probe == "A03" and not text.startswith(("Statement", "Is the")):
                out.add(text.split()[1].lower() if " " in text else text)
            elif probe in ("A04", "A05") and " " not in text:
                out.add(text.lower())
            elif probe in ("A05", "A06", "A07"):
                out |= {w.lower() for w in re.findall(r'"(\S+?)"', text)} | {text[3:].lower()}
    return out
