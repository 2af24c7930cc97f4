"""A language model as extractor: it proposes, and only what the article's words carry counts."""

from claimset.llm.options import LlmOptions
from claimset.llm.segmenter import LLM, LlmSegmenter, llm_segmenter

__all__ = ["LLM", "LlmOptions", "LlmSegmenter", "llm_segmenter"]
