"""The environment of the embedded Label Studio: what it is told, and what it must not read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from claimset.labelstudio.postgres import PostgresAddress

__all__ = ["studio_environment"]

# Label Studio reads settings from LABEL_STUDIO_X, HEARTEX_X and even plain X (HOST, DEBUG,
# USERNAME, DATABASE_NAME, …), so only what a Python process needs is handed down.
_INHERITED = frozenset(
    {"PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "VIRTUAL_ENV"}
    | {"LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME"}
)


def studio_environment(
    data: Path, postgres: PostgresAddress | None = None, public_url: str | None = None
) -> dict[str, str]:
    """The environment of a Label Studio that calls nobody and lets nobody sign up uninvited.

    Args:
        data: Its data folder.
        postgres: Its database; ``None`` for the SQLite file in the folder.
        public_url: Where a reverse proxy shows it to people elsewhere.
    """
    hosts = "127.0.0.1,localhost"
    behind: dict[str, str] = {}
    if public_url is not None:
        hosts += f",{urlsplit(public_url).hostname}"
        # What a page sends from there is not taken for another site's.
        behind["LABEL_STUDIO_CSRF_TRUSTED_ORIGINS"] = public_url
    environment = {
        name: value
        for name, value in os.environ.items()
        if name in _INHERITED or name.startswith("LC_")
    }
    # The folder that holds this package, in case it is run from a checkout.
    package_root = str(Path(__file__).resolve().parents[2])
    paths = [package_root, environment.get("PYTHONPATH", "")]
    return environment | {
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
        "PYTHONSAFEPATH": "1",  # a workspace's own folders must not shadow Label Studio's modules
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "label_studio.core.settings.label_studio",
        "LABEL_STUDIO_BASE_DATA_DIR": str(data),
        "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "True",
        "LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK": "True",
        "LABEL_STUDIO_COLLECT_ANALYTICS": "False",
        "LABEL_STUDIO_LATEST_VERSION_CHECK": "False",
        "LABEL_STUDIO_SENTRY_DSN": "",
        "LABEL_STUDIO_FRONTEND_SENTRY_DSN": "",
        # Pages of other sites that the annotator has open must not reach this server.
        "LABEL_STUDIO_ALLOWED_HOSTS": hosts,
        "LABEL_STUDIO_CORS_ALLOW_ALL_ORIGINS": "False",
        **behind,
        **(postgres.environment() if postgres is not None else {}),
    }
