"""Intake: articles in other people's formats become texts with what is known of them."""
