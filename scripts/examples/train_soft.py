"""Fine-tune a classifier on `soft`: learn how the annotators' verdicts were divided.

python scripts/examples/train_soft.py MODEL [DATASET]
"""

import sys

from torch.nn.functional import cross_entropy
from transformers import AutoModelForSequenceClassification as Classifier
from transformers import AutoTokenizer, Trainer, TrainingArguments, set_seed

from claimset.loading import load

MODEL, DATASET = [*sys.argv[1:], "dataset"][:2] if sys.argv[1:] else sys.exit(__doc__)
rows = load(DATASET, "soft", split="train")
labels = dict(enumerate(load(DATASET).features["gold_verdict"].names))  # the shares' order
ids = {name: number for number, name in labels.items()}
tokenizer = AutoTokenizer.from_pretrained(MODEL)
set_seed(1)  # the classifier's head begins at random, too
model = Classifier.from_pretrained(MODEL, id2label=labels, label2id=ids)
pairs = rows.map(
    lambda lot: tokenizer(lot["text_b"], lot["text_a"], truncation="only_first", max_length=256),
    batched=True,
    remove_columns=["text_a", "text_b"],
).rename_column("label_dist", "labels")
arguments = TrainingArguments("runs/soft", num_train_epochs=3, logging_strategy="epoch", seed=1)
trainer = Trainer(model, arguments, train_dataset=pairs, processing_class=tokenizer)
# Left to itself, a model takes a vector of floats for independent yes-or-no labels. The mean is
# over all batches of a step, in which the trainer counts every share as an item.
trainer.compute_loss_func = lambda out, shares, num_items_in_batch: (
    cross_entropy(out["logits"], shares, reduction="sum") * len(labels) / num_items_in_batch
)
trainer.train()
print("losses:", *(round(step["loss"], 4) for step in trainer.state.log_history if "loss" in step))
