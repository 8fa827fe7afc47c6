from pathlib import Path

import pytest
import yaml

import stancewire.data
import stancewire.features.attribution
from stancewire.features.attribution.lexicon import PAST, SAY, THIRD, WEAK, load_lexicon

LISTS = [
    Path(stancewire.features.attribution.__file__).parent / "lexicon.yaml",
    Path(stancewire.data.__file__).parent / "actors.yaml",
]


def keys_twice(node: yaml.Node) -> list[str]:
    """Return every key that a mapping has more than once: YAML keeps the last and forgets the others without a word."""
    found: list[str] = []
    if isinstance(node, yaml.MappingNode):
        keys = [key.value for key, _ in node.value]
        found += [key for key in dict.fromkeys(keys) if keys.count(key) > 1]
        for _, value in node.value:
            found += keys_twice(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            found += keys_twice(value)
    return found


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.name)
def test_no_entry_of_a_word_list_hides_another(path: Path) -> None:
    assert keys_twice(yaml.compose(path.read_text(encoding="utf-8"))) == []


def test_no_word_stands_twice_in_a_list() -> None:
    lists = yaml.safe_load(LISTS[0].read_text(encoding="utf-8"))
    plain = {name: raw.split() for name, raw in lists.items() if isinstance(raw, str) and '"' not in raw}
    twice = {name: [word for word in dict.fromkeys(words) if words.count(word) > 1] for name, words in plain.items()}
    assert len(plain) > 20, "else the lists are kept elsewhere"
    assert {name: found for name, found in twice.items() if found} == {}


def test_both_spellings_of_a_doubled_l_are_one_verb() -> None:
    lexicon = load_lexicon()
    assert {lexicon.lemmas[form] for form in ("signaled", "signalled", "signaling", "signalling")} == {"signal"}
    assert lexicon.tags["labeled"] & PAST


def test_a_verb_whose_present_is_a_noun_reports_in_the_past_alone() -> None:
    tags = load_lexicon().tags
    assert tags["cast"] & WEAK and not tags.get("casts", 0) & (WEAK | SAY | THIRD)
