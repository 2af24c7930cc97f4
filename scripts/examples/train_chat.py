"""Fine-tune a chat model on `sft`: claim and evidence in, one word out.

python scripts/examples/train_chat.py MODEL [DATASET]
"""

import sys

from torch.cuda import is_available as has_gpu
from trl import SFTConfig, SFTTrainer

from claimset.loading import load

MODEL, DATASET = sys.argv[1], (sys.argv[2:] or ["dataset"])[0]
trainer = SFTTrainer(
    MODEL,
    args=SFTConfig(
        "runs/chat",
        num_train_epochs=3,
        logging_strategy="epoch",
        assistant_only_loss=True,  # learn the answer, not the question
        max_length=1024,
        bf16=has_gpu(),
        seed=1,
    ),
    train_dataset=load(DATASET, "sft", split="train"),
)
trainer.train()
print("losses:", *(round(step["loss"], 4) for step in trainer.state.log_history if "loss" in step))
