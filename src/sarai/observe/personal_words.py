"""Words by which a column, or the cells in it, give away that a table is about individuals (`personal_words.toml`)."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import lru_cache
from importlib.resources import files

_LETTERS = {"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "ۀ": "ه", "أ": "ا", "إ": "ا", "آ": "ا", "ؤ": "و", "ټ": "ت"}
_SAME_LETTER = str.maketrans(_LETTERS)
_TABLE = tomllib.loads(files("sarai.observe").joinpath("personal_words.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=8192)
def plain_words(text: str) -> str:
    """A text in lower case without accents, vowel signs and punctuation, words parted by one blank.

    Letters that Arabic, Persian and Urdu keyboards write differently (ye, kaf, alef with hamza) become one, so that
    one word list serves all.
    """
    folded = unicodedata.normalize("NFKD", text.translate(_SAME_LETTER)).casefold()
    bare = "".join(
        " " if unicodedata.category(mark)[0] in "PSZC" else mark for mark in folded if not unicodedata.combining(mark)
    )
    return " ".join(bare.translate(_SAME_LETTER).split())


def _words(section: str) -> frozenset[str]:
    return frozenset(plain_words(text) for text in _TABLE[section]["words"])


def _column_pattern(patterns: list[str], words: list[str]) -> re.Pattern[str]:
    of_whom = "(?:" + "|".join(sorted(map(re.escape, _words("of_whom")), key=len, reverse=True)) + ")"
    literal = [re.escape(plain_words(word)) for word in words]
    return re.compile("|".join([pattern.replace("OF_WHOM", of_whom) for pattern in patterns] + literal))


PERSONAL_COLUMNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (entry["kind"], _column_pattern(entry["patterns"], entry["words"])) for entry in _TABLE["column"]
)
COUNT_PREFIXES = tuple(sorted(f"{word} " for word in _words("count_prefixes")))
AMBIGUOUS_NAMES = _words("ambiguous_names")
AGGREGATE_WORDS = _words("aggregate")
SEX_WORDS = _words("sex")
SEX_VALUES = _words("sex_values")
AGE_WORDS = _words("age")
GIVEN_NAME_PARTS = _words("given_name_parts")
NAMED_PLACES = _words("named_places")
