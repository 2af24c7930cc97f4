"""Blocks: which lines belong together, and which lines are furniture."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimset.segmentation.layout import find_blocks

PROPERTY = settings(deadline=None)

SENTENCE = "The council voted to close the library on Monday."
WRAPPED = (
    "The council voted on Monday evening to close the library in\n"
    "the old town hall, which had been open since 1932 and which\n"
    "nobody had visited for months. The mayor said that the\n"
    "building would be sold."
)


def kinds(text: str) -> list[tuple[str, str]]:
    """Kind and text of each block."""
    return [(block.kind.value, text[block.start : block.end]) for block in find_blocks(text)]


def kind(text: str) -> str:
    """The kind of a text that is one block."""
    ((found, whole),) = kinds(text)
    assert whole == text.strip()
    return found


# Lines and paragraphs


def test_each_line_of_a_paragraph_is_a_block() -> None:
    """Lines that end a sentence, or are too wide to be wrapped, stand for themselves."""
    long = SENTENCE[:-1] + " " + "because nobody had visited it for months and the roof leaked."
    assert len(long) > 100
    text = f"{SENTENCE}\n{SENTENCE}\n{long}\n{SENTENCE}"
    assert kinds(text) == [("claim", line) for line in text.split("\n")]


def test_a_hard_wrapped_paragraph_is_kept_whole() -> None:
    """Line ends set by width are no borders; the blank line is one."""
    text = f"{WRAPPED}\n\n{WRAPPED}"
    assert kinds(text) == [("claim", WRAPPED), ("claim", WRAPPED)]


def test_short_lines_are_not_wrapped_text() -> None:
    """An address or a signature is set line by line."""
    text = "Mike Clancy\nGeneral Secretary\nProspect"
    assert [found for _, found in kinds(text)] == text.split("\n")


def test_lines_that_are_sentences_are_not_wrapped_text() -> None:
    """When more than half the line ends close a sentence, sense set them."""
    text = f"{SENTENCE}\n{SENTENCE}\nThe mayor said that the library would be sold to the"
    assert [found for _, found in kinds(text)] == text.split("\n")


@pytest.mark.parametrize("blank", ["\n\n", "\n \n", "\n\t\n\n", "\n\u00a0\n"])
def test_a_blank_line_ends_a_paragraph(blank: str) -> None:
    """A line of white space is blank, whatever white space it is."""
    assert [found for _, found in kinds(WRAPPED + blank + WRAPPED)] == [WRAPPED, WRAPPED]


def test_white_space_around_a_line_belongs_to_no_block() -> None:
    text = f"\n   {SENTENCE}\t \n\u00a0{SENTENCE}\u2003\n"
    assert kinds(text) == [("claim", SENTENCE), ("claim", SENTENCE)]


def test_a_text_without_lines_has_no_blocks() -> None:
    assert kinds("") == kinds(" \n\t\n") == []


# Words and shape


@pytest.mark.parametrize(
    "line",
    [
        "8 March 2023",
        "8th March, 2023",
        "March 8, 2023",
        "Mar. 8, 2023",
        "2023-03-08",
        "08/03/2023",
        "8.3.23",
        "Wednesday 8 March 2023",
        "Wednesday, March 8, 2023.",
        "Published: 8 March 2023",
        "Posted on 2023-03-08",
        "Updated 8 March 2023 at 10:15",
        "8 March 2023, 10:15 pm GMT",
        "date 2023-03-14",
    ],
)
def test_a_date_and_nothing_else_is_a_dateline(line: str) -> None:
    assert kind(line) == "dateline"


@pytest.mark.parametrize(
    "line",
    [
        "On 8 March 2023 the library was closed.",
        "8 March 2023 was a cold day.",
        "March 2023 saw the library close.",
        "The 8.3 earthquake.",
    ],
)
def test_a_sentence_with_a_date_is_no_dateline(line: str) -> None:
    assert kind(line) == "claim"


@pytest.mark.parametrize(
    "line",
    [
        "Dear Prime Minister,",
        "Dear Sir or Madam:",
        "To whom it may concern",
        "Hello everyone,",
        "Hi Mike,",
    ],
)
def test_a_greeting_is_a_salutation(line: str) -> None:
    assert kind(line) == "salutation"


@pytest.mark.parametrize(
    "line",
    [
        "Dear Prime Minister, the library was closed by the council on Monday evening.",
        "Hiring at the library stopped on Monday.",
        "Dearborn closed its library on Monday.",
    ],
)
def test_a_sentence_that_begins_like_a_greeting_is_none(line: str) -> None:
    assert kind(line) == "claim"


@pytest.mark.parametrize(
    "line",
    ["Yours sincerely,", "Yours faithfully", "Kind regards,", "With best wishes.", "Sincerely,"],
)
def test_a_sign_off_is_a_signature(line: str) -> None:
    assert kind(line) == "signature"


def test_a_short_line_with_a_colon_leads_in() -> None:
    assert kind("You can read the letter in full below:") == "metadata"


def test_a_long_line_with_a_colon_is_text() -> None:
    """A sentence that introduces a quotation in the next paragraph is still a sentence."""
    line = (
        "In the letter that he sent to the union on Monday evening the cabinet secretary, "
        "who had spoken to the chairman of the party before, wrote that:"
    )
    assert kind(line) == "claim"


@pytest.mark.parametrize(
    "line",
    [
        "Public Services",
        "Letter to the Prime Minister about comments from the Home Secretary",
        "Council votes to close library",
    ],
)
def test_a_short_line_without_full_stop_is_a_heading(line: str) -> None:
    assert kind(line) == "heading"


def test_a_long_line_without_full_stop_is_text() -> None:
    """Seventeen words are too many for a heading, so nothing that may be a claim is lost."""
    assert kind(" ".join(["word"] * 16)) == "heading"
    assert kind(" ".join(["word"] * 17)) == "claim"


@pytest.mark.parametrize("end", [".", "!", "…", ".”", '."', ".)", "?»"])
def test_closing_marks_may_stand_after_the_full_stop(end: str) -> None:
    """A quotation mark or bracket does not make a sentence a heading."""
    assert kind(f"The library closed{end}") == "claim"


@pytest.mark.parametrize(
    "line",
    [
        "Sign up for our newsletter",
        "SUBSCRIBE",
        "Read our privacy notice",
        "Read more",
        "© 2023 The Daily",
        "All rights reserved.",
        "ADVERTISEMENT",
        (
            "We use cookies. By signing up you accept our terms of use and our privacy policy, "
            "which tell you at length what we do with all that we learn of you."
        ),
    ],
)
def test_furniture_is_boilerplate(line: str) -> None:
    assert kind(line) == "boilerplate"


@pytest.mark.parametrize(
    "line",
    [
        (
            "The minister said that she would not sign up to the plan that her own party had put "
            "before parliament in March."
        ),
        "More than two million people subscribe to the service that the company began in 2019.",
        "The signature on the plan was hers.",
    ],
)
def test_a_sentence_that_holds_one_such_phrase_is_text(line: str) -> None:
    """One phrase in a long, finished sentence is the news, not the furniture around it."""
    assert kind(line) == "claim"


@pytest.mark.parametrize("line", ["* * *", "—", "•", "…", "***!"])
def test_marks_alone_are_a_fragment(line: str) -> None:
    assert kind(line) == "fragment"


# Around the article


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("By Jane Smith, Economics Editor", "metadata"),
        ("Contact: Jane Doe, +44 20 7946 0000", "metadata"),
        ("FOR IMMEDIATE RELEASE", "metadata"),
        ("Subject: The library", "metadata"),
        ("https://example.org/library", "metadata"),
        ("(Reporting by Jane Doe; editing by John Roe)", "metadata"),
        ("Photo: Jane Doe", "caption"),
        ("(Image: Getty)", "caption"),
        ("The mayor outside the library (Image: AFP/Getty Images)", "caption"),
        ("Home | News | Sport | Business", "boilerplate"),
        ("Facebook Twitter WhatsApp", "boilerplate"),
        ("Related articles", "boilerplate"),
        ("London, 8 March 2023", "dateline"),
        ("8. März 2023", "dateline"),
        ("Sehr geehrte Frau Müller,", "salutation"),
        ("Mit freundlichen Grüßen", "signature"),
    ],
)
def test_lines_around_an_article_are_no_claims(line: str, expected: str) -> None:
    assert kind(line) == expected


@pytest.mark.parametrize(
    "line",
    [
        "Two million people subscribed to the newsletter.",
        "The company ended its privacy policy for children, the regulator said on Monday.",
        "By Monday the library had closed.",
        "Photographs of the mayor were found in the library.",
        "Reuters reported on Monday that the library had closed.",
    ],
)
def test_news_about_such_things_is_text(line: str) -> None:
    """A finished sentence that does not speak to the reader is kept, whatever its words."""
    assert kind(line) == "claim"


def test_titles_under_related_articles_are_links() -> None:
    """Up to the heading of the text that follows."""
    text = f"Related articles\nBank holds rates\nFive things to know\n\nThe vote\n\n{SENTENCE}"
    assert [found for found, _ in kinds(text)] == ["boilerplate"] * 3 + ["heading", "claim"]


def test_items_of_a_list_are_blocks_of_their_own() -> None:
    """A finished or long item may be verified; a short one is a fragment."""
    text = "- Food prices rose\n- Inflation fell to 3.9% in November\n1. The library closed."
    assert [found for found, _ in kinds(text)] == ["fragment", "claim", "claim"]


def test_turns_of_an_interview_are_told_apart() -> None:
    """The interviewer asks, also without a question mark; `NAME:` counts if it comes back."""
    text = "Q: Tell me about it\nA: I could not go on there\nA: No"
    assert [found for found, _ in kinds(text)] == ["question", "claim", "fragment"]
    turns = "JONES: I never said so\nSMITH: You did, on Monday\nJONES: It was not me, I say"
    assert [found for found, _ in kinds(turns)] == ["claim", "heading", "claim"]
    assert kind("Brexit: Parliament votes for deal") == "heading"


def test_an_address_above_a_salutation_is_metadata() -> None:
    text = "10 Downing Street\nLondon\n\n8 March 2023\n\nDear Prime Minister,"
    assert [found for found, _ in kinds(text)] == ["metadata"] * 2 + ["dateline", "salutation"]


def test_a_heading_above_wrapped_text_is_not_joined() -> None:
    """Its line had room for the next word, so sense ended it."""
    assert kinds(f"Public Services\n{WRAPPED}") == [
        ("heading", "Public Services"),
        ("claim", WRAPPED),
    ]


def test_a_line_that_breaks_off_is_joined_with_the_next() -> None:
    """Any width: the line stops in mid-sentence and the next goes on in small letters."""
    text = "The council voted on Monday evening in the\nold town hall."
    assert kinds(text) == [("claim", text)]


def test_headlines_one_to_a_line_are_not_joined() -> None:
    """They fill their lines by chance, but none goes on in small letters."""
    text = (
        "Council votes to close the library in the hall\n"
        "Mayor says that the building will soon be sold\n"
        "Nobody had visited the library for many months"
    )
    assert [found for found, _ in kinds(text)] == ["heading"] * 3


# Letters


def letter(*after: str) -> str:
    return "\n\n".join([SENTENCE, "Yours sincerely,", "Mike Clancy\nGeneral Secretary", *after])


def test_the_lines_under_a_sign_off_are_the_signature() -> None:
    """Name and office, until the next paragraph."""
    assert [found for found, _ in kinds(letter("Public Services"))] == [
        "claim",
        "signature",
        "signature",
        "signature",
        "heading",
    ]


def test_a_sentence_under_a_sign_off_is_no_signature() -> None:
    """Nor are more than four lines, nor long ones."""
    text = f"Yours sincerely,\n{SENTENCE}"
    assert kinds(text)[1] == ("boilerplate", SENTENCE)
    lines = "\n".join(["Yours sincerely,", *(f"Name {n}" for n in range(6))])
    assert [found for found, _ in kinds(lines)] == ["signature"] * 5 + ["heading"] * 2


def test_a_short_text_after_the_signature_is_a_footer() -> None:
    """Up to four blocks of running text after a letter are its publisher's furniture."""
    found = kinds(letter(*[SENTENCE] * 4))
    assert found[-4:] == [("boilerplate", SENTENCE)] * 4
    assert found[0] == ("claim", SENTENCE)


def test_a_long_text_after_the_signature_is_the_article() -> None:
    """A letter quoted inside an article does not swallow the rest of it."""
    assert kinds(letter(*[SENTENCE] * 5))[-5:] == [("claim", SENTENCE)] * 5


def test_a_footer_keeps_the_kinds_it_had() -> None:
    """Only running text becomes boilerplate; a heading or a date stays what it is."""
    found = kinds(letter("Public Services", "8 March 2023", SENTENCE))
    assert [name for name, _ in found[-3:]] == ["heading", "dateline", "boilerplate"]


# Reasons and borders

LINES = st.lists(
    st.sampled_from(
        [
            SENTENCE,
            WRAPPED,
            "Yours sincerely,",
            "Mike Clancy",
            "Dear Sir,",
            "8 March 2023",
            "Sign up",
            "",
            " \t",
            "\u2028",
            "* * *",
        ]
    )
    | st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=30),
    max_size=20,
).map("\n".join)


@PROPERTY
@given(LINES)
def test_blocks_hold_everything_but_white_space(text: str) -> None:
    """In order, without overlap, trimmed, each with a reason; outside them is white space."""
    position = 0
    for block in find_blocks(text):
        assert position <= block.start < block.end
        assert not text[position : block.start].strip()
        inside = text[block.start : block.end]
        assert inside == inside.strip()
        assert block.reason
        position = block.end
    assert not text[position:].strip()
