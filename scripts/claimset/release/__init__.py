"""From claims and annotations to a released Hugging Face dataset."""
