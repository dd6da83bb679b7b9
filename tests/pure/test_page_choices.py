"""What holds for the chat on a page, of what pages and rules say."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from wagtail_livechat.page_choices import CHOICES, NOTHING, Choices, Rule, decide, paths_up

# A tree of three by three by three by three, so that paths meet often.
paths = st.lists(st.sampled_from(["0001", "0002", "0003"]), min_size=1, max_size=4).map("".join)
types = st.sampled_from(["shop.productpage", "shop.textpage", "shop.homepage"])
choices = st.builds(
    Choices,
    shown=st.none() | st.booleans(),
    department=st.none() | st.integers(1, 3),
    greeting=st.sampled_from(["", "Hello", "Hi"]),
    auto_message=st.none() | st.integers(1, 3),
)
rules = st.lists(
    st.builds(
        Rule,
        id=st.integers(1, 1000),
        path=paths,
        choices=choices,
        types=st.frozensets(types, max_size=2),
        order=st.integers(0, 3),
    ),
    max_size=6,
    unique_by=lambda rule: rule.id,
)
said = st.dictionaries(paths, choices, max_size=8)


@given(paths, types, said, rules)
def test_what_a_page_says_itself_always_holds_there(path, page_type, said, rules) -> None:
    own = Choices(shown=False, department=9, greeting="Mine", auto_message=9)

    assert decide(path, page_type, {**said, path: own}, rules).choices == own


@given(paths, types, said, rules)
def test_what_is_elsewhere_in_the_tree_changes_nothing(path, page_type, said, rules) -> None:
    near = {where: what for where, what in said.items() if path.startswith(where)}
    fitting = [rule for rule in rules if path.startswith(rule.path) and (not rule.types or page_type in rule.types)]

    assert decide(path, page_type, said, rules) == decide(path, page_type, near, fitting)


@given(paths, types, said, rules)
def test_a_page_that_says_nothing_is_as_the_one_above_it(path, page_type, said, rules) -> None:
    child = path + "0009"
    above = {where: what for where, what in said.items() if where != child}

    assert decide(child, page_type, {**above, child: NOTHING}, rules) == decide(path, page_type, above, rules)


@given(paths, types, said, rules)
def test_each_choice_is_decided_for_itself(path, page_type, said, rules) -> None:
    whole = decide(path, page_type, said, rules).choices
    for choice in CHOICES:
        keep = {name: getattr(NOTHING, name) for name in CHOICES if name != choice}
        alone = decide(
            path,
            page_type,
            {where: replace(what, **keep) for where, what in said.items()},
            [replace(rule, choices=replace(rule.choices, **keep)) for rule in rules],
        )

        assert getattr(alone.choices, choice) == getattr(whole, choice)


@given(paths, types, said, rules, st.randoms())
def test_the_order_in_which_rules_are_read_is_no_matter(path, page_type, said, rules, random) -> None:
    shuffled = random.sample(rules, len(rules))

    assert decide(path, page_type, said, rules) == decide(path, page_type, said, shuffled)


@given(paths, types, said, rules)
def test_who_is_named_as_the_source_says_so(path, page_type, said, rules) -> None:
    decision = decide(path, page_type, said, rules)
    by_id = {rule.id: rule for rule in rules}
    for choice, (kind, who) in decision.sources.items():
        source = said[who] if kind == "page" else by_id[who].choices
        assert getattr(source, choice) == getattr(decision.choices, choice)
        if kind == "rule":
            assert not any(what.says(choice) for where, what in said.items() if path.startswith(where))
    assert {choice for choice in CHOICES if decision.choices.says(choice)} == set(decision.sources)


def test_the_nearest_rule_wins_then_the_one_with_types_then_the_order() -> None:
    everywhere = Rule(1, "0001", Choices(greeting="Site"), order=0)
    section = Rule(2, "00010001", Choices(greeting="Section"), order=9)
    products = Rule(3, "00010001", Choices(greeting="Products"), frozenset({"shop.productpage"}), order=8)
    later = Rule(4, "00010001", Choices(greeting="Later"), frozenset({"shop.productpage"}), order=9)
    all_rules = [everywhere, section, products, later]

    def greeting(path: str, page_type: str) -> str:
        return decide(path, page_type, {}, all_rules).choices.greeting

    assert greeting("000100010001", "shop.productpage") == "Products"
    assert greeting("000100010001", "shop.textpage") == "Section"
    assert greeting("00010002", "shop.productpage") == "Site"


def test_shown_below_a_hidden_section_is_shown() -> None:
    said = {"0001": Choices(shown=False), "00010002": Choices(shown=True)}

    assert decide("00010001", "", said, []).is_hidden
    assert not decide("000100020003", "", said, []).is_hidden


def test_paths_go_up_one_page_at_a_time() -> None:
    assert paths_up("000100020003") == ["000100020003", "00010002", "0001"]
