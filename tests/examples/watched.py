"""Runs an example with other arguments for its trainer, and says what came of it as JSON.

python watched.py EXAMPLE ARGUMENTS MODEL DATASET
"""

from __future__ import annotations

import json
import runpy
import sys
from typing import Any

from transformers import TrainingArguments


def main(example: str, changes: dict[str, Any]) -> None:
    """Run the example as a program, in whose trainer's arguments `changes` win."""
    original = TrainingArguments.__init__

    def changed(self: TrainingArguments, *given: Any, **named: Any) -> None:
        original(self, *given, **(named | changes))

    TrainingArguments.__init__ = changed
    made = runpy.run_path(example, run_name="__main__")
    trainer, model = made["trainer"], made["model"]
    batches = [
        batch["anchor_input_ids"].tolist()
        for batch in trainer.get_train_dataloader()
        if "anchor_input_ids" in batch
    ]
    seen = {
        "losses": [step["loss"] for step in trainer.state.log_history if "loss" in step],
        "labels": getattr(getattr(model, "config", None), "label2id", None),
        "batches": [[len(anchors), len({*map(tuple, anchors)})] for anchors in batches],
    }
    sys.stdout.write(json.dumps(seen) + "\n")


if __name__ == "__main__":
    _, _path, _changes, *_rest = sys.argv
    sys.argv[1:] = _rest
    main(_path, json.loads(_changes))
