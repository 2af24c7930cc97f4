"""Makes the tiny models of the tests in a process of its own: torch takes seconds to import.

python tiny_models.py FOLDER CHAT_TEMPLATE
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
from transformers import (
    BertConfig,
    BertModel,
    GPT2Config,
    GPT2LMHeadModel,
    PreTrainedTokenizerFast,
    set_seed,
)

from claimset.loading import load

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
PIECES = 800


def make_tokenizer() -> Any:
    """Word pieces of the claims themselves."""
    rows = load(Path(__file__).parents[2] / "dataset", "nli", split="train")
    found = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    found.normalizer = normalizers.BertNormalizer()
    found.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    found.train_from_iterator(
        [*rows["premise"], *rows["hypothesis"]],
        trainers.WordPieceTrainer(vocab_size=PIECES, special_tokens=SPECIAL, show_progress=False),
    )
    found.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=found,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
        eos_token="[SEP]",
        model_max_length=512,
    )


def main(folder: Path, chat_template: str) -> None:
    """Write both models with their tokenizers; without dropout, so that losses fall steadily."""
    set_seed(0)
    tokenizer = make_tokenizer()
    size = len(tokenizer)
    encoder = BertConfig(
        vocab_size=size,
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        hidden_dropout_prob=0,
        attention_probs_dropout_prob=0,
    )
    chat = GPT2Config(
        vocab_size=size,
        n_embd=32,
        n_layer=1,
        n_head=2,
        bos_token_id=2,
        eos_token_id=3,
        embd_pdrop=0,
        attn_pdrop=0,
        resid_pdrop=0,
    )
    tokenizer.save_pretrained(folder / "encoder")
    BertModel(encoder).save_pretrained(folder / "encoder")
    tokenizer.chat_template = chat_template
    tokenizer.save_pretrained(folder / "chat")
    GPT2LMHeadModel(chat).save_pretrained(folder / "chat")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
