"""A small tokenizer shaped like Gemma's: SentencePiece BPE with byte fallback, the special tokens at Gemma's places.

Ids 0 to 3 are <pad>, <eos>, <bos>, <unk>; then the user-defined pieces (turn markers, runs of newlines and spaces), the 256
bytes, and the learnt pieces. No prefix space, no normalisation, digits split. The same vocabulary can be written in three
forms: tokenizer.model (SentencePiece), tokenizer.json (Hugging Face) and the tokenizer.ggml.* keys of a GGUF file.
"""

import io
import json

import sentencepiece
from gguf import TokenType
from sentencepiece import sentencepiece_model_pb2 as proto

START_OF_TURN, END_OF_TURN = "<start_of_turn>", "<end_of_turn>"
SPACE = "\u2581"

# Rendered exactly as Gemma 3 renders a conversation: the system turn is folded into the first user turn.
CHAT_TEMPLATE = """\
{{ bos_token }}
{%- set ns = namespace(prefix='') -%}
{%- for message in messages -%}
{%- if message['role'] == 'system' -%}
{%- set ns.prefix = message['content'] + '\\n\\n' -%}
{%- else -%}
{%- set role = 'model' if message['role'] == 'assistant' else message['role'] -%}
{{ '<start_of_turn>' + role + '\\n' + ns.prefix + (message['content'] | trim) + '<end_of_turn>\\n' }}
{%- set ns.prefix = '' -%}
{%- endif -%}
{%- endfor -%}
{%- if add_generation_prompt -%}
{{ '<start_of_turn>model\\n' }}
{%- endif -%}
"""


def runs(newlines, spaces):
    """The user-defined pieces: turn markers, 1..newlines newlines, a tab, 2..spaces spaces."""
    return (
        [START_OF_TURN, END_OF_TURN]
        + ["\n" * n for n in range(1, newlines + 1)]
        + ["\t"]
        + [SPACE * n for n in range(2, spaces + 1)]
    )


def train(sentences, size, user_defined):
    """Trains a tokenizer of exactly `size` pieces; returns the bytes of a SentencePiece model. Deterministic."""
    out = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(sentences),
        model_writer=out,
        model_type="bpe",
        vocab_size=size,
        user_defined_symbols=user_defined,
        pad_id=0, eos_id=1, bos_id=2, unk_id=3,
        pad_piece="<pad>", eos_piece="<eos>", bos_piece="<bos>", unk_piece="<unk>",
        byte_fallback=True,
        split_digits=True,
        add_dummy_prefix=False,
        remove_extra_whitespaces=False,
        normalization_rule_name="identity",
        character_coverage=1.0,
        num_threads=1,
        minloglevel=2,
    )
    model = parse(out.getvalue())
    # The trainer writes the caller's paths and settings into the model; only what a reader needs is kept.
    model.trainer_spec.ClearField("input")
    model.trainer_spec.ClearField("model_prefix")
    assert len(model.pieces) == size, f"expected {size} pieces, found {len(model.pieces)}"
    return model.SerializeToString(deterministic=True)


def parse(model_bytes):
    model = proto.ModelProto()
    model.ParseFromString(model_bytes)
    return model


def write_gguf(writer, model_bytes, template=None):
    """Puts the tokenizer into a GGUF header as llama.cpp's converter does: turn markers become control tokens."""
    kinds = {1: TokenType.NORMAL, 2: TokenType.UNKNOWN, 3: TokenType.CONTROL, 4: TokenType.USER_DEFINED, 5: TokenType.UNUSED, 6: TokenType.BYTE}
    pieces = parse(model_bytes).pieces
    control = (START_OF_TURN, END_OF_TURN)
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list([p.piece.encode() for p in pieces])
    writer.add_token_scores([-1000.0 if p.type in (2, 3, 4) else p.score for p in pieces])
    writer.add_token_types([TokenType.CONTROL if p.piece in control else kinds[p.type] for p in pieces])
    writer.add_bos_token_id(2)
    writer.add_eos_token_id(1)
    writer.add_unk_token_id(3)
    writer.add_pad_token_id(0)
    writer.add_eot_token_id([p.piece for p in pieces].index(END_OF_TURN))
    writer.add_add_bos_token(True)
    writer.add_add_eos_token(False)
    writer.add_add_space_prefix(False)
    if template:
        writer.add_chat_template(template)


def to_json(model_bytes):
    """The same tokenizer as a tokenizer.json: merges are every split of a piece into two pieces, best piece first."""
    pieces = parse(model_bytes).pieces
    ids = {p.piece: i for i, p in enumerate(pieces)}
    merges = []
    for piece in pieces:
        if piece.type not in (1, 4):
            continue
        splits = [(piece.piece[:k], piece.piece[k:]) for k in range(1, len(piece.piece))]
        splits = [s for s in splits if s[0] in ids and s[1] in ids]
        # User-defined pieces (runs of spaces, once spaces are U+2581) come before all others, as in SentencePiece.
        rank = -piece.score if piece.type == 1 else -1e9 + len(piece.piece)
        merges += [(rank, ids[a], ids[b], a, b) for a, b in splits]
    special = {"<pad>", "<eos>", "<bos>", "<unk>", START_OF_TURN, END_OF_TURN}
    added = [
        {"id": i, "content": p.piece, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": p.piece in special}
        for i, p in enumerate(pieces)
        if p.type in (2, 3, 4)
    ]
    replace = lambda a, b: {"type": "Replace", "pattern": {"String": a}, "content": b}
    return json.dumps(
        {
            "version": "1.0",
            "truncation": None,
            "padding": None,
            "added_tokens": added,
            "normalizer": replace(" ", SPACE),
            "pre_tokenizer": {"type": "Split", "pattern": {"String": " "}, "behavior": "MergedWithPrevious", "invert": False},
            "post_processor": None,
            "decoder": {"type": "Sequence", "decoders": [replace(SPACE, " "), {"type": "ByteFallback"}, {"type": "Fuse"}]},
            "model": {
                "type": "BPE", "dropout": None, "unk_token": "<unk>", "continuing_subword_prefix": None, "end_of_word_suffix": None,
                "fuse_unk": True, "byte_fallback": True, "ignore_merges": False, "vocab": ids,
                "merges": [[a, b] for *_, a, b in sorted(merges)],
            },
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def agree(model_bytes, texts):
    """Both forms give the same ids for every text, or an error names the first text that differs."""
    from tokenizers import Tokenizer

    one = sentencepiece.SentencePieceProcessor(model_proto=model_bytes)
    two = Tokenizer.from_str(to_json(model_bytes))
    for text in texts:
        a, b = one.encode(text), two.encode(text, add_special_tokens=False).ids
        if a != b:
            raise SystemExit(f"tokenizer forms disagree on {text!r}: SentencePiece {a}, tokenizers {b}")
