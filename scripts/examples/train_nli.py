"""Fine-tune a classifier on `nli`: python scripts/examples/train_nli.py MODEL [DATASET]."""

import sys

from transformers import AutoModelForSequenceClassification as Classifier
from transformers import AutoTokenizer, Trainer, TrainingArguments, set_seed

from claimset.loading import load

MODEL, DATASET = [*sys.argv[1:], "dataset"][:2] if sys.argv[1:] else sys.exit(__doc__)
rows = load(DATASET, "nli", split="train")
labels = dict(enumerate(rows.features["label"].names))
tokenizer = AutoTokenizer.from_pretrained(MODEL)
set_seed(1)  # the classifier's head begins at random, too
ids = {name: number for number, name in labels.items()}
model = Classifier.from_pretrained(MODEL, id2label=labels, label2id=ids)
pairs = rows.map(  # evidence may be long; the claim is never cut
    lambda batch: tokenizer(
        batch["premise"], batch["hypothesis"], truncation="only_first", max_length=256
    ),
    batched=True,
    remove_columns=["premise", "hypothesis"],
)
arguments = TrainingArguments("runs/nli", num_train_epochs=3, logging_strategy="epoch", seed=1)
trainer = Trainer(model, arguments, train_dataset=pairs, processing_class=tokenizer)
trainer.train()
print("losses:", *(round(step["loss"], 4) for step in trainer.state.log_history if "loss" in step))
