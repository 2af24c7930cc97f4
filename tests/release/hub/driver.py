"""A client that stays: it reads one call per line on stdin and writes one answer per line.

Run as a process of its own, since the Hub's library reads its settings when it is imported.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from claimset.errors import ClaimsetError, RemoteError
from claimset.release.hub import Hub
from claimset.release.publishing import publish_release

if TYPE_CHECKING:
    from collections.abc import Callable

__all__: list[str] = []


def _publish(folder: str, repository: str, token: str | None, **options: Any) -> dict[str, Any]:
    """Publish a folder; the answer holds the result or the error, never both."""
    hub = Hub(repository, SecretStr(token) if token else None, show_progress=False)
    try:
        result = publish_release(Path(folder), hub, **options)
    except ClaimsetError as error:
        return {
            "error": type(error).__name__,
            "text": str(error),
            "status": error.status if isinstance(error, RemoteError) else None,
            "exit_code": error.exit_code,
        }
    return result.model_dump(mode="json")


def _download(repository: str, revision: str, folder: str) -> dict[str, Any]:
    """Fetch a whole revision into a folder."""
    from huggingface_hub import snapshot_download

    snapshot_download(repository, repo_type="dataset", revision=revision, local_dir=folder)
    return {}


def _content(repository: str, revision: str) -> dict[str, Any]:
    """Load every config of a revision as training code does, and identify what was loaded."""
    from datasets import get_dataset_config_names, load_dataset

    from claimset.identifiers import content_id
    from claimset.loading import load
    from claimset.release.columns import CORE, RECORDS
    from claimset.release.features import decode_rows

    core: dict[str, dict[str, list[dict[str, Any]]]] = {}
    rows, streamed, checked = {}, {}, {}
    for config in get_dataset_config_names(repository, revision=revision):
        loaded = load_dataset(repository, config, revision=revision)
        stream = load_dataset(repository, config, revision=revision, streaming=True)
        rows[config] = sum(len(split) for split in loaded.values())
        streamed[config] = sum(1 for split in stream.values() for _ in split)
        checked[config] = sum(
            len(load(repository, config, revision=revision, split=name)) for name in loaded
        )
        if config in CORE:
            core[config] = {
                name: [
                    {key: row[key] for key in row if key not in RECORDS[config]}
                    for row in decode_rows(split.data.table)
                ]
                for name, split in loaded.items()
            }
    return {"content_id": content_id(core), "rows": rows, "streamed": streamed, "checked": checked}


_CALLS: dict[str, Callable[..., dict[str, Any]]] = {
    "publish": _publish,
    "download": _download,
    "content": _content,
}


def _serve() -> None:
    for line in sys.stdin:
        call = json.loads(line)
        answer = _CALLS[call["do"]](**call["with"])
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
