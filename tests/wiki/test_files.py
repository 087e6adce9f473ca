"""The choice of what is taken of files: kept as it was made, told apart, refused where it makes no sense."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstem.wiki.files import (
    CHOSEN,
    MOST_MB,
    USUAL,
    BadFileChoice,
    FileForm,
    FileKind,
    FileOptions,
    file_facts_of,
    file_options_of,
)

FACTS = st.fixed_dictionaries(
    {
        "forms": st.dictionaries(
            st.sampled_from([kind for kind in CHOSEN if kind is not FileKind.OTHER]), st.sampled_from(FileForm)
        ),
        "most_mb": st.integers(1, MOST_MB),
        "ocr": st.booleans(),
    }
)
OPTIONS = FACTS.map(file_options_of)


@given(OPTIONS)
def test_a_choice_is_the_same_after_it_was_kept(options: FileOptions) -> None:
    assert file_options_of(file_facts_of(options)) == options


@given(OPTIONS, OPTIONS)
def test_digests_tell_choices_apart_and_the_usual_has_none(one: FileOptions, other: FileOptions) -> None:
    assert (one.digest == other.digest) is (one == other)
    assert (one.digest == "") is (one == USUAL)


def test_what_is_taken_is_by_kind_and_of_pictures_by_whether_they_are_read() -> None:
    chosen = file_options_of({"forms": {" PDF ": "text", "other": "skip", "csv": "both"}})
    assert [chosen.form(kind) for kind in (FileKind.PDF, FileKind.OTHER, FileKind.CSV, FileKind.PICTURE)] == [
        FileForm.TEXT,
        FileForm.SKIP,
        FileForm.BOTH,
        FileForm.FILE,
    ]
    assert FileOptions(ocr=True).form(FileKind.PICTURE) is FileForm.BOTH
    assert [(form.reads, form.keeps) for form in FileForm] == [
        (True, True),
        (True, False),
        (False, True),
        (False, False),
    ]


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"forms": {"pdf": "vanish"}}, "pdf files cannot be 'vanish': choose one of both, text, file, skip"),
        ({"forms": {"other": "text"}}, "choose one of file, skip"),
        ({"forms": {"picture": "skip"}}, "'picture' is no kind of file to choose for: name one of pdf, word"),
        ({"forms": {"exe": "file"}}, "'exe' is no kind"),
        ({"most_mb": 0}, "1 to 100 MB"),
        ({"most_mb": MOST_MB + 1}, "1 to 100 MB"),
        ({"most_mb": "many"}, "1 to 100 MB"),
        ({"most_mb": True}, "1 to 100 MB"),
    ],
)
def test_a_choice_that_makes_no_sense_is_refused_in_words(facts: dict[str, object], told: str) -> None:
    with pytest.raises(BadFileChoice, match=told):
        file_options_of(facts)
