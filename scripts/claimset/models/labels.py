"""Label sets: which verdicts a project knows, and what each of them means for answers and views."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field, WithJsonSchema, field_validator, model_validator

from claimset.identifiers import hash_json
from claimset.models.base import Model
from claimset.models.vocabulary import Checkability, EvidenceNeed, GoldSource, NliLabel, Stance

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["FREE_KEYS", "VERDICT", "LabelSet", "VerdictLabel", "VerdictName"]

VERDICT = "verdict"
"""Marks a field, or a list with a place for each verdict, whose values the label set gives."""

_NAME = r"^[a-z][a-z0-9_]{0,31}$"

VerdictName = Annotated[str, Field(pattern=_NAME), WithJsonSchema({"format": VERDICT}), VERDICT]
"""A verdict of the workspace's label set; which ones there are is checked where answers come in."""

_TAKEN = {
    **{str(word): "a checkability" for word in Checkability},
    **{str(word): "what a gold label's source is called" for word in GoldSource},
    **dict.fromkeys(("without", "undecided"), "a word of the reports"),
}
_KEYS = {
    **dict.fromkeys("asd", "the checkability"),
    **dict.fromkeys("890", "the confidence"),
    **dict.fromkeys("qwe", "the stances"),
    "u": "Label Studio, which lets go of the selected mark",
}
FREE_KEYS = tuple("1234567bcfghijklmnoprtvxyz")
"""Keys that a verdict can have: neither the page nor Label Studio uses them otherwise."""
_MOST = len(FREE_KEYS)
_FEWEST = 2
_DIGITS = 8


class VerdictLabel(Model):
    """One verdict that an annotator can give to a factual claim."""

    name: str = Field(pattern=_NAME)
    """Its word in files: lower-case letters, digits and `_`, at most 32, a letter first."""
    title: str = Field(min_length=1, max_length=40)
    """Its word on screen."""
    hotkey: str = Field(pattern=r"^[a-z0-9]$")
    """The key that chooses it: a digit from 1 to 7, or a letter that the page does not use."""
    hint: str = Field(default="", max_length=200)
    """When to choose it, in one sentence: shown beside the choice and in the guidelines."""
    evidence: tuple[Stance, ...] = ()
    """The stances of the spans that an answer needs, `supports` or `refutes`; none needs none."""
    needs: EvidenceNeed = EvidenceNeed.ALL
    """Whether an answer needs a span of `all` of these stances, or of `any` of them."""
    nli: NliLabel | None = None
    """What its evidence does to the claim in the view `nli`; null leaves it out of that view."""
    rating: int | None = Field(default=None, ge=-100, le=100)
    """Its place on a scale of truth, for ClaimReview; null where it has none."""
    colour: str | None = Field(default=None, pattern=r"^#[0-9a-fA-F]{6}$")
    """Its colour in reports, as `#rrggbb`; null takes the next of the palette."""

    @field_validator("name")
    @classmethod
    def _name_is_free(cls, value: str) -> str:
        if value in _TAKEN:
            msg = f"{value!r} is {_TAKEN[value]}; choose another name"
            raise ValueError(msg)
        return value

    @field_validator("title", "hint")
    @classmethod
    def _is_one_line(cls, value: str) -> str:
        if value != value.strip() or not value.isprintable():
            msg = "write one line of printable characters, without space at its ends"
            raise ValueError(msg)
        return value

    @field_validator("hotkey")
    @classmethod
    def _key_is_free(cls, value: str) -> str:
        if value in _KEYS:
            msg = f"the key {value!r} belongs to {_KEYS[value]}; free are {' '.join(FREE_KEYS)}"
            raise ValueError(msg)
        return value

    @field_validator("evidence")
    @classmethod
    def _stances_decide(cls, value: tuple[Stance, ...]) -> tuple[Stance, ...]:
        if Stance.CONTEXT in value or len(set(value)) != len(value):
            msg = "name supports, refutes or both, each once; context is no evidence"
            raise ValueError(msg)
        return value

    def lacks(self, stances: set[Stance]) -> str | None:
        """What an answer with spans of these stances lacks, in words; ``None`` for nothing."""
        missing = [stance for stance in self.evidence if stance not in stances]
        if not missing or (self.needs is EvidenceNeed.ANY and len(missing) < len(self.evidence)):
            return None
        if len(self.evidence) == 1:
            return f"{self.name} needs a span marked {self.evidence[0]}"
        each = "each stance" if self.needs is EvidenceNeed.ALL else "one stance or the other"
        return f"{self.name} needs a span of {each}"


class LabelSet(Model):
    """`[tool.claimset.labels]`: the verdicts of a workspace, in the order of screen and columns."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$")
    """Its name: at most 32 letters, digits, `.`, `_` and `-`."""
    source: str = Field(default="", max_length=200)
    """Where it comes from, for the card."""
    verdicts: tuple[VerdictLabel, ...] = Field(min_length=_FEWEST, max_length=_MOST)
    """The verdicts."""
    not_enough_evidence: str | None = None
    """Name of the verdict that says that the sources do not suffice; null when there is none."""
    earlier: dict[str, str] = Field(default_factory=dict)
    """What verdicts of an earlier label set of this workspace are called now; an empty name leaves
    the answers that gave it out."""

    @field_validator("source")
    @classmethod
    def _is_one_line(cls, value: str) -> str:
        if not value.isprintable():
            msg = "write one line of printable characters"
            raise ValueError(msg)
        return value

    @model_validator(mode="after")
    def _verdicts_are_told_apart(self) -> Self:
        for what in ("name", "title", "hotkey"):
            seen: dict[str, str] = {}
            for verdict in self.verdicts:
                value = getattr(verdict, what)
                if value.casefold() in seen:
                    msg = (
                        f"{seen[value.casefold()]} and {verdict.name} have the same {what} "
                        f"{value!r}; give each its own"
                    )
                    raise ValueError(msg)
                seen[value.casefold()] = verdict.name
        unclear = self.not_enough_evidence
        if unclear is not None and unclear not in self.names:
            msg = f"not_enough_evidence names {unclear!r}, which is none of {self._listed}"
            raise ValueError(msg)
        for old, new in self.earlier.items():
            if old in self.names:
                msg = f"earlier renames {old!r}, which is a verdict of this label set"
                raise ValueError(msg)
            if new and new not in self.names:
                msg = f"earlier calls {old!r} now {new!r}, which is none of {self._listed}"
                raise ValueError(msg)
        return self

    def __str__(self) -> str:
        """The name and the verdicts."""
        return f"{self.name} ({self._listed})"

    @property
    def _listed(self) -> str:
        return ", ".join(self.names)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the verdicts, in their order."""
        return tuple(verdict.name for verdict in self.verdicts)

    @property
    def labels(self) -> tuple[str, ...]:
        """All that an answer can come down to: the verdicts, then why a claim has none."""
        others = (str(word) for word in Checkability if word is not Checkability.FACTUAL)
        return (*self.names, *others)

    @property
    def decisive(self) -> tuple[str, ...]:
        """Names of the verdicts that need evidence."""
        return tuple(verdict.name for verdict in self.verdicts if verdict.evidence)

    @property
    def undecided(self) -> tuple[str, ...]:
        """Name of the verdict for want of evidence, if there is one."""
        return () if self.not_enough_evidence is None else (self.not_enough_evidence,)

    @property
    def titles(self) -> dict[str, str]:
        """The word on screen of every label."""
        words = {label: label.replace("_", " ").capitalize() for label in self.labels}
        return words | {verdict.name: verdict.title for verdict in self.verdicts}

    def in_words(self, names: Iterable[str]) -> str:
        """Verdicts by their words on screen, in the middle of a sentence."""
        *others, last = (self.titles[name].lower() for name in names)
        return f"{', '.join(others)} and {last}" if others else last

    def verdict(self, name: str) -> VerdictLabel:
        """The verdict of a name.

        Raises:
            KeyError: There is none.
        """
        for verdict in self.verdicts:
            if verdict.name == name:
                return verdict
        raise KeyError(name)

    def numbers(self, names: tuple[str, ...]) -> list[int]:
        """Numbers of verdicts in their columns."""
        return [self.names.index(name) for name in names]

    @property
    def digest(self) -> str:
        """Eight hex digits over what gives an answer its meaning: names, evidence, order."""
        meaning = [
            [verdict.name, [str(stance) for stance in verdict.evidence], str(verdict.needs)]
            for verdict in self.verdicts
        ]
        return hash_json([meaning, self.not_enough_evidence])[:_DIGITS]

    def means_the_same(self, other: LabelSet) -> bool:
        """Whether answers and views mean the same under both, whatever words the screen shows."""
        return (self.digest, self.inference) == (other.digest, other.inference)

    @property
    def inference(self) -> list[list[str | None]]:
        """How the verdicts are told to the views: name and NLI label of each."""
        return [[verdict.name, verdict.nli] for verdict in self.verdicts]
