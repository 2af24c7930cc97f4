"""Learn the divided verdicts of `soft`: python scripts/examples/train_soft.py MODEL [DATASET]."""

import sys

from torch.nn.functional import cross_entropy
from transformers import AutoModelForSequenceClassification as Classifier
from transformers import AutoTokenizer, Trainer, TrainingArguments, set_seed

from claimset.loading import load

MODEL, DATASET = [*sys.argv[1:], "dataset"][:2] if sys.argv[1:] else sys.exit(__doc__)
labels = load(DATASET).features["gold_verdict"].names  # in the order of the shares
ids = {name: number for number, name in enumerate(labels)}
tokenizer = AutoTokenizer.from_pretrained(MODEL)
set_seed(1)  # the classifier's head begins at random, too
model = Classifier.from_pretrained(MODEL, id2label=dict(enumerate(labels)), label2id=ids)
rows = load(DATASET, "soft", split="train").rename_column("label_dist", "labels")
pairs = rows.map(  # evidence may be long; the claim is never cut
    lambda lot: tokenizer(lot["text_b"], lot["text_a"], truncation="only_first", max_length=256),
    batched=True,
    remove_columns=["text_a", "text_b"],
)
arguments = TrainingArguments("runs/soft", num_train_epochs=3, logging_strategy="epoch", seed=1)
trainer = Trainer(model, arguments, train_dataset=pairs, processing_class=tokenizer)
trainer.compute_loss_func = lambda out, shares, num_items_in_batch: (  # an item is a share
    cross_entropy(out["logits"], shares, reduction="sum") * len(labels) / num_items_in_batch
)
trainer.train()
print("losses:", *(round(step["loss"], 4) for step in trainer.state.log_history if "loss" in step))
