"""``python -m claimset`` is the ``claimset`` command."""

from claimset.cli import main

if __name__ == "__main__":
    main()
