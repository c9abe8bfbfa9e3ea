#!/usr/bin/env python3
"""Makes the tokenizer's own goldens: `python goldens/tokenizer.py` writes crates/tokenizer/tests/data.

A small vocabulary of Gemma's shape is trained with SentencePiece and put together as a tokenizer.json with the merges that
transformers derives from the scores. Reference ids come from Hugging Face tokenizers (control tokens parsed, no begin token added), the
conversations from Jinja2 set up as transformers sets it up.
"""

import json
import random
from pathlib import Path

import jinja2
import jinja2.ext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers
from transformers.convert_slow_tokenizer import generate_merges

from vocabulary import END_OF_TURN, SPACE, START_OF_TURN, parse, train

HERE = Path(__file__).parent
CRATE = HERE.parent / "crates" / "tokenizer"
DATA = CRATE / "tests" / "data"
SIZE = 420  # the marks and the 256 bytes take 279; the rest is learnt

USER_DEFINED = (
    ["<mask>", "[multimodal]", "<unused0>", "<unused1>", START_OF_TURN, END_OF_TURN]
    + ["\n" * n for n in range(1, 5)]
    + ["\t"]
    + [SPACE * n for n in range(2, 5)]
    + ["<table>", "<b>", "</b>", "<h1>"]
)

MORE_LINES = [
    "fn main() { let n = 42; print(n); }",
    "    if x > 0:\n        return x * 2",
    "Perché la città è così bella di sera, quando le luci si accendono una alla volta?",
    "<table><b>12</b> boxes at 3.50 each, 7% off on 2031-05-09</table>",
    "The café, the naïve plan and the coöperative: three words with marks on them.",
]

TEXTS = [
    "", " ", "  ", "   ", "    ", "     ", "         ", "a", " a", "a ", "  a  b   c    d     e",
    "\n", "\n\n", "\n\n\n\n\n", "a\n\nb", "\r\n", "a\r\nb\r\n", "\t", "\t\tx", " \n \n ", "\n  x\n    y",
    "The gardener counts the crates.", "THE GARDENER", "the-gardener_counts", "lights,lights;lights",
    "0", "7", "42", "1234567890", "3.14159", "2031-05-09", "x2y3z",
    "Perché?", "la città è così bella", "Ünïcödé", "e\u0301 and \u00e9", "漢字", "привет", "日本 と 한국", "😀", "a😀b", "👩‍👩‍👧",
    "\u00a0", "\u200b", "\ufeffx", "\u2028", "\x00", "\x01\x7f", "\ufffd", "\U0010ffff",
    "▁", "a▁b", "▁▁", " ▁ ", "▁▁▁ ▁",
    "<b>bold</b>", "<table><h1>", "< b >", "<b", "</b></b>", "<h1><h2>",
    "<0x0A>", "<0x41>b", "<0xZZ>", "\\n", "<>",
    "<bos>", "<eos>", "<pad>", "<unk>", "<mask>", "[multimodal]", "<unused0>", "<unused2>", "text <eos> more",
    "<start_of_turn>user\nHi<end_of_turn>\n", "<start_of_turn", "<<bos>>", "<bos><bos>",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "the the the the", "  the\n\n\nthe  ",
]  # fmt: skip

# Templates in the style of those that model files carry, each with something of its own that a renderer can get wrong.
TEMPLATES = {
    "gemma": (CRATE / "src" / "gemma.jinja").read_text(),
    "blocks": """\
{{ bos_token }}
{% if messages[0]['role'] == 'system' %}
    {% if messages[0]['content'] is string %}
        {% set head = messages[0]['content'] + '\n\n' %}
    {% endif %}
    {% set rest = messages[1:] %}
{% else %}
    {% set head = "" %}
    {% set rest = messages %}
{% endif %}
{% for message in rest %}
    {% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}
        {{ raise_exception("roles must alternate") }}
    {% endif %}
    {% if message['role'] == 'assistant' %}
        {% set role = "model" %}
    {% else %}
        {% set role = message['role'] %}
    {% endif %}
<start_of_turn>{{ role }}
{{ (head if loop.first else "") + message['content'].strip() }}<end_of_turn>
{% endfor %}
{% if add_generation_prompt %}
<start_of_turn>model
{% endif %}""",
    "macro": """\
{%- macro turn(role, text) -%}
{{ '<start_of_turn>' ~ role }}
{{ text.lstrip() | trim }}{{ '<end_of_turn>\n' }}
{%- endmacro -%}
{{ bos_token -}}
{% for m in messages if m.role != 'system' %}
{%- if m.content | length == 0 %}{% continue %}{% endif -%}
{{ turn({'assistant': 'model'}.get(m.role, m.role), m.content) -}}
{% endfor -%}
{% if tools is not none and tools %}{{ tools }}{% endif -%}
{% if nowhere is defined %}{{ nowhere }}{% endif -%}
{{ nowhere if false }}{{ '<start_of_turn>model\n' if add_generation_prompt }}""",
}

U, M, S = "user", "assistant", "system"
CONVERSATIONS = [
    [(U, "Count the crates.")],
    [(S, "One word."), (U, "The river?")],
    [(U, "  padded \n\t")],
    [(U, "\u00a0\u2003wide\u2003\u00a0\x1f\x1c")],
    [(U, "a"), (M, " b "), (U, "c\n\nd")],
    [(S, ""), (U, "x")],
    [(S, " head "), (U, " x "), (M, "y"), (U, "z"), (M, "w"), (U, "")],
    [(U, "\n\n# Title\n\n<table>1</table>\n"), (M, "{{ bos_token }}{% raw %}")],
]


def converted(model_bytes):
    """As transformers' converter for Gemma puts a tokenizer together."""
    pieces = parse(model_bytes).pieces
    vocab = {p.piece: i for i, p in enumerate(pieces)}
    merges = generate_merges(vocab, [(p.piece, p.score) for p in pieces])
    tokenizer = Tokenizer(models.BPE(vocab, merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = normalizers.Replace(" ", SPACE)
    tokenizer.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
    tokenizer.decoder = decoders.Sequence([decoders.Replace(SPACE, " "), decoders.ByteFallback(), decoders.Fuse()])
    special = ("<pad>", "<eos>", "<bos>", "<unk>", START_OF_TURN, END_OF_TURN)
    added = [AddedToken(p.piece, normalized=False, special=p.piece in special) for p in pieces if p.type in (2, 3, 4)]
    tokenizer.add_tokens(added)
    return tokenizer


def renderer(source):
    def refuse(message):
        raise jinja2.exceptions.TemplateError(message)

    env = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[jinja2.ext.loopcontrols])
    env.globals["raise_exception"] = refuse
    return env.from_string(source)


def write_rows(path, rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


def main():
    DATA.mkdir(parents=True, exist_ok=True)
    lines = (HERE / "text.txt").read_text().splitlines() + MORE_LINES
    model = train(lines, SIZE, USER_DEFINED)
    (DATA / "small.model").write_bytes(model)
    tokenizer = converted(model)
    (DATA / "small.json").write_text(json.dumps(json.loads(tokenizer.to_str()), ensure_ascii=False, separators=(",", ":")))

    def ids(text):
        return tokenizer.encode(text, add_special_tokens=False).ids

    texts = TEXTS + lines
    write_rows(DATA / "texts.jsonl", ({"text": t, "ids": ids(t), "decoded": tokenizer.decode(ids(t), skip_special_tokens=False)} for t in texts))

    rng = random.Random(7)
    some_bytes = [tokenizer.token_to_id(f"<0x{b:02X}>") for b in (0x41, 0xC3, 0xA8, 0xF0, 0x9F, 0x98, 0x80, 0xFF)]
    draw = lambda: rng.choice(some_bytes) if rng.random() < 0.7 else rng.randrange(SIZE)
    drawn = [[draw() for _ in range(rng.randint(1, 12))] for _ in range(40)]
    write_rows(DATA / "decodes.jsonl", ({"ids": d, "decoded": tokenizer.decode(d, skip_special_tokens=False), "visible": tokenizer.decode(d)} for d in drawn))

    chats = []
    for name, source in TEMPLATES.items():
        if name != "gemma":
            (DATA / f"{name}.jinja").write_text(source)
        for turns in CONVERSATIONS:
            for add in (True, False):
                messages = [{"role": r, "content": c} for r, c in turns]
                text = renderer(source).render(messages=messages, add_generation_prompt=add, bos_token="<bos>", eos_token="<eos>", tools=None)
                chats.append({"template": name, "messages": messages, "add_generation_prompt": add, "text": text, "ids": ids(text)})
    write_rows(DATA / "chats.jsonl", chats)
    sizes = {p.name: p.stat().st_size for p in sorted(DATA.iterdir())}
    print(len(texts), "texts,", len(chats), "conversations,", sizes, sum(sizes.values()), "bytes (limit 60,000)")
    assert sum(sizes.values()) <= 60_000


main()
