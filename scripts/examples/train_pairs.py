"""Fine-tune embeddings on evidence: python scripts/examples/train_pairs.py MODEL [DATASET]."""

import sys

from sentence_transformers import SentenceTransformer, SentenceTransformerTrainer
from sentence_transformers import SentenceTransformerTrainingArguments as Arguments
from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
from sentence_transformers.training_args import BatchSamplers

from claimset.loading import load

MODEL, DATASET = [*sys.argv[1:], "dataset"][:2] if sys.argv[1:] else sys.exit(__doc__)
rows = load(DATASET, "nli", split="train")
entailment = rows.features["label"].str2int("entailment")
pairs = rows.filter(lambda label: label == entailment, input_columns="label")
pairs = pairs.rename_columns({"hypothesis": "anchor", "premise": "positive"})
pairs = pairs.select_columns(["anchor", "positive"])  # the order counts, and no other column
model = SentenceTransformer(MODEL)
one_each = BatchSamplers.NO_DUPLICATES  # a claim's other evidence is no wrong answer
arguments = Arguments(
    "runs/pairs", num_train_epochs=3, logging_strategy="epoch", seed=1, batch_sampler=one_each
)
loss = MultipleNegativesRankingLoss(model)
trainer = SentenceTransformerTrainer(model, arguments, train_dataset=pairs, loss=loss)
trainer.train()
print("losses:", *(round(step["loss"], 4) for step in trainer.state.log_history if "loss" in step))
