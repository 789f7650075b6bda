"""Characters and ids: round trips for any alphabet, and what a wrong letter is told."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makemore.data.vocabulary import DOT, MAX_LETTERS, UnknownLetterError, Vocabulary

ENGLISH = Vocabulary(string.ascii_lowercase)
alphabets = st.text(
    st.characters(exclude_characters=DOT, exclude_categories=["Cs"]), min_size=1, max_size=50
).map(lambda text: "".join(sorted(set(text))))


def test_the_worked_example() -> None:
    assert ENGLISH.encode("emma") == [5, 13, 13, 1]
    assert ENGLISH.decode([5, 13, 13, 1]) == "emma"
    assert ENGLISH.decode([0]) == DOT
    assert len(ENGLISH) == 27
    assert ENGLISH.letters == tuple(DOT + string.ascii_lowercase)


@given(st.data(), alphabets)
def test_decoding_undoes_encoding(data: st.DataObject, alphabet: str) -> None:
    vocabulary = Vocabulary(alphabet)
    name = data.draw(st.text(st.sampled_from(alphabet)))
    ids = vocabulary.encode(name)
    assert vocabulary.decode(ids) == name
    assert all(1 <= i < len(vocabulary) for i in ids)


@given(st.lists(st.text(st.characters(exclude_characters=DOT), min_size=1), min_size=1))
def test_of_holds_every_letter_once_and_sorted(names: list[str]) -> None:
    letters = set("".join(names))
    if len(letters) <= MAX_LETTERS:
        assert Vocabulary.of(names).characters == "".join(sorted(letters))


@pytest.mark.parametrize(
    ("name", "named"),
    [("anné", "“é”"), ("a-b", "“-”"), ("a.b", "“.”"), ("a\n", "“\\n”"), ("Emma", "“E”"),
     ("a\u202eb", "“\\u202e”"), ("\udcff", "“\\udcff”"), ("😀", "“😀”")],
)  # fmt: skip
def test_an_unknown_letter_is_named_with_the_known_ones(name: str, named: str) -> None:
    with pytest.raises(UnknownLetterError) as caught:
        ENGLISH.encode(name)
    assert named in str(caught.value)
    assert string.ascii_lowercase in str(caught.value)
    assert str(caught.value).encode().decode().isprintable()


@pytest.mark.parametrize(
    ("characters", "said"),
    [("", "1 to 200"), ("aa", "once"), ("a.b", "dot"),
     ("".join(map(chr, range(0x4E00, 0x4E00 + 201))), "this one 201")],
)  # fmt: skip
def test_what_is_no_alphabet(characters: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Vocabulary(characters)


def test_200_letters_are_allowed() -> None:
    assert len(Vocabulary("".join(map(chr, range(0x4E00, 0x4E00 + 200))))) == 201


@pytest.mark.parametrize("ids", [[27], [1, 2, 1000]])
def test_an_id_outside_the_vocabulary(ids: list[int]) -> None:
    with pytest.raises(IndexError):
        ENGLISH.decode(ids)


@pytest.mark.parametrize(
    ("alphabet", "typed", "folded"),
    [
        (string.ascii_lowercase, "  Emma ", "emma"),
        ("ABemm", "EmmA", "emmA"),  # a capital that the alphabet knows stays one
        ("aé", "E\u0301a", "éa"),  # composed before it is compared
        (string.ascii_lowercase, "Zoë", "zoë"),  # what is unknown stays, for the message
    ],
)
def test_fold(alphabet: str, typed: str, folded: str) -> None:
    assert Vocabulary("".join(sorted(set(alphabet)))).fold(typed) == folded


@pytest.mark.parametrize(
    ("text", "left"),
    [("Zoë", "zoe"), ("O'Brien", "obrien"), ("Anne-Marie", "annemarie"), ("  Łukasz ", "lukasz"),
     ("Weiß", "weiss"), ("Æsa", "aesa"), ("ada", "ada"), ("Zoe\u0308", "zoe"), ("José María", "josemaria"),
     ("anna7", ""), ("<b>x</b>", ""), ("ελένη", ""), ("😀", ""), ("-", ""), ("", "")],
)  # fmt: skip
def test_a_text_is_simplified_to_the_letters_of_the_alphabet_or_not_at_all(
    text: str, left: str
) -> None:
    assert ENGLISH.simplify(text) == left


def test_letters_that_the_alphabet_knows_keep_their_accents() -> None:
    greek = Vocabulary("έelηλz")
    assert greek.simplify("Zέe-λη") == "zέeλη"


@given(st.text())
def test_what_is_left_can_be_encoded(text: str) -> None:
    assert len(ENGLISH.encode(ENGLISH.simplify(text))) <= 4 * len(text)
