"""Short lists of other alphabets and lengths that come with the project, to be tried. Knows no model."""

from makemore.data.name_lists import FOLDER, NameListError, Reading, read_lines

# What each is called, and its file in data/.
SAMPLES = {
    "greek": ("Greek letters", "greek_letters.txt"),
    "towns": ("Spanish towns", "spanish_towns.txt"),
    "elements": ("Chemical elements", "chemical_elements.txt"),
}


LABELS = frozenset(label for label, _ in SAMPLES.values())
OWN = "own list"  # what a list is called that somebody brought: nobody else need know the name of a file
OWN_LISTS = LABELS | {OWN}  # the sources of all lists but the one that `load_names` finds


def sample_key(source: str) -> str:
    """The key of the sample list that is called so; "" for any other list."""
    return next((key for key, (label, _) in SAMPLES.items() if label == source), "")


def read_sample(key: str) -> Reading:
    """What is in the list of this key. Raises NameListError when its file is missing or damaged."""
    label, file = SAMPLES[key]
    try:
        return read_lines((FOLDER / file).read_bytes(), label)
    except OSError as error:
        remedy = f"restore it with `git checkout data/{file}`"
        raise NameListError(f"data/{file}: {error.strerror}; {remedy}") from None
