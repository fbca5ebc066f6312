"""All skeletons at once are those of the stems one by one."""

from hypothesis import given
from hypothesis import strategies as st

from kb.text.skeletons import skeleton, skeletons

STEMS = st.text(alphabet="aeoyönskqgxw1-\n", max_size=8)


@given(st.lists(STEMS, min_size=1, max_size=6))
def test_stems_do_not_touch_each_other(stems):
    assert skeletons(stems) == [skeleton(stem) for stem in stems]


def test_consonants_stay_in_one_spelling():
    assert skeletons(["kokdaryo", "qoqqand", "kukdarinsk", "nsk", "", "xnsk"]) == ["kdr", "knd", "kdr", "nsk", "", "hn"]
