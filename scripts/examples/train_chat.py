"""Fine-tune a chat model on `sft`: python scripts/examples/train_chat.py MODEL [DATASET]."""

import sys

from torch.cuda import is_available as has_gpu
from trl import SFTConfig, SFTTrainer

from claimset.loading import load

MODEL, DATASET = [*sys.argv[1:], "dataset"][:2] if sys.argv[1:] else sys.exit(__doc__)
rows = load(DATASET, "sft", split="train")
rows = rows.map(  # learn the answer, not the question
    lambda row: {"prompt": row["messages"][:-1], "completion": row["messages"][-1:]},
    remove_columns="messages",
)
arguments = SFTConfig(
    "runs/chat", num_train_epochs=3, logging_strategy="epoch", bf16=has_gpu(), seed=1
)
trainer = SFTTrainer(MODEL, args=arguments, train_dataset=rows)
trainer.train()
print("losses:", *(round(step["loss"], 4) for step in trainer.state.log_history if "loss" in step))
