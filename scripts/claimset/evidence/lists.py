"""Lists of words that tell names and numbers apart from other words."""

from __future__ import annotations

__all__ = [
    "CALENDAR", "CONNECTORS", "MONTHS", "MONTH_WORDS", "ODD_LETTERS", "ONES", "ORDINALS",
    "ROLES", "SPELLED_WORDS", "TENS", "TITLE_WORDS",
]  # fmt: skip

# fmt: off
CONNECTORS = frozenset((
    "of", "de", "da", "del", "der", "van", "von", "la", "le", "bin", "ibn", "al", "the",
))
"""Small words inside a name; they are not compared."""
ROLES = frozenset((
    "mr", "mrs", "ms", "miss", "dr", "sir", "dame", "lord", "lady", "baroness", "prof", "professor",
    "president", "minister", "secretary", "chancellor", "mp", "mps", "senator", "sen", "rep",
    "representative", "congressman", "congresswoman", "governor", "gov", "mayor", "judge",
    "justice", "general", "colonel", "captain", "major", "king", "queen", "prince", "princess",
    "pope", "chairman", "chairwoman", "chair", "director", "leader", "spokesman", "spokeswoman",
    "officer", "detective", "inspector", "rev", "reverend", "archbishop", "bishop", "councillor",
    "attorney", "ambassador", "commissioner", "speaker", "premier", "coach", "manager", "editor",
))
"""Last words of an office or form of address: the name of a person may follow."""
CALENDAR = frozenset((
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january",
    "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept", "sep", "oct",
    "nov", "dec", "am", "pm", "gmt", "bst", "est", "edt", "pst", "utc",
))
"""Capitalised words that name a time."""
TITLE_WORDS = frozenset(("a", "an", "and", "for", "in", "on", "to", "at", "by", "with", "as", "or"))
"""Words that a headline leaves small."""
ONES = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# fmt: on
SPELLED_WORDS = frozenset((*TENS, *ONES, *ORDINALS, "dozen"))
"""Words that a number in words begins with."""
MONTH_WORDS = frozenset((
    *MONTHS, "january", "february", "march", "april", "june", "july", "august", "sept",
    "sepember", "september", "october", "november", "december",
))  # fmt: skip
"""Words that name a month, as the expressions for dates allow them."""
ODD_LETTERS = ("ı", "İ")
"""Letters that an expression takes for an i whatever its case, which folding does not."""
