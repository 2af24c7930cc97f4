"""The doorway to Label Studio: nothing else in the package speaks to it."""
