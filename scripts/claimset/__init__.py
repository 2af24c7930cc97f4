"""Articles to exact claims, through human verification, to a dataset trusted row by row."""

__all__ = ["__version__"]

__version__ = "0.1.0"
