"""The double of the Hub as a program, to rehearse a publication on this machine.

python -m tests.release.hub
"""

from __future__ import annotations

import signal
import sys
import threading

from tests.release.hub.server import running_hub
from tests.release.hub.state import WRITER


def main() -> None:
    """Run until Ctrl+C or SIGTERM, and say first how to reach it."""
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    with running_hub() as hub:
        sys.stdout.write(
            f"A double of the Hub listens at {hub.address}. It forgets everything at Ctrl+C.\n"
            "In another terminal, where only this double is the Hub:\n"
            f"  export HF_ENDPOINT={hub.address} HF_TOKEN={WRITER}\n"
            "  export HF_HOME=$(mktemp -d) HF_HUB_DISABLE_XET=1\n"
            "  claimset publish --repo acme/claims\n"
        )
        sys.stdout.flush()
        ended.wait()


if __name__ == "__main__":
    main()
