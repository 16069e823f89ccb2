from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regen_map import query
from regen_map.catalogue import Catalogue

Make = Callable[..., Catalogue]
Line = dict[str, str]

NATURES = ["allocated", "estimated", "spent", "fit_out", "private"]


def line(amount: str, nature: str = "allocated", counted: str = "yes", project: str = "a") -> Line:
    return {
        "project_id": project,
        "programme_id": "pnrr",
        "amount_eur": amount,
        "nature": nature,
        "counted": counted,
    }


@pytest.fixture
def money(make_catalogue: Make) -> Callable[..., query.Money]:
    def sum_up(*lines: Line) -> query.Money:
        catalogue = make_catalogue(
            projects=[{"id": "a"}, {"id": "b"}],
            programmes=[{"id": "pnrr", "level": "eu"}],
            funding=lines,
        )
        return query.money_of(catalogue, "a")

    return sum_up


Money = Callable[..., query.Money]


def test_lines_of_one_nature_are_added_to_the_cent(money: Money) -> None:
    total = money(line("0.10"), line("0.20"), line("1000000"))
    assert dict(total.by_nature) == {"allocated": Decimal("1000000.30")}
    assert total.known


def test_natures_are_never_added_to_each_other(money: Money) -> None:
    total = money(*(line("5", nature) for nature in NATURES))
    assert dict(total.by_nature) == dict.fromkeys(NATURES, Decimal(5))


def test_line_that_does_not_count_is_listed_but_never_added(money: Money) -> None:
    total = money(line("100"), line("80", counted="no"))
    assert dict(total.by_nature) == {"allocated": Decimal(100)}
    assert [each.amount_eur for each in total.lines] == [Decimal(100), Decimal(80)]
    assert total.contradicted


def test_only_lines_that_do_not_count_leave_no_known_amount(money: Money) -> None:
    total = money(line("80", counted="no"))
    assert not total.known
    assert (total.n_unknown, total.contradicted) == (0, True)


def test_unknown_amounts_are_counted_not_taken_for_nothing(money: Money) -> None:
    total = money(line(""), line("", "spent"), line("", counted="no"), line("7"))
    assert dict(total.by_nature) == {"allocated": Decimal(7)}
    assert total.n_unknown == 2


def test_amount_of_zero_is_known(money: Money) -> None:
    assert money(line("0")).known


def test_money_of_another_project_is_left_alone(money: Money) -> None:
    assert not money(line("9", project="b")).known


@pytest.mark.parametrize("project", ["b", "nothing"])
def test_project_without_lines_has_no_known_money(project: str, town: Catalogue) -> None:
    total = query.money_of(town, project)
    assert (dict(total.by_nature), total.n_unknown, total.lines) == ({}, 0, ())
    assert not total.contradicted


LINES = st.tuples(
    st.none() | st.decimals(0, 10**9, places=2),
    st.sampled_from(NATURES),
    st.sampled_from(["yes", "no"]),
    st.sampled_from(["a", "b"]),
)


@given(lines=st.lists(LINES, max_size=8))
@settings(max_examples=25, deadline=None)
def test_sums_equal_a_recount_by_hand(
    lines: list[tuple[Decimal | None, str, str, str]], make_catalogue: Make
) -> None:
    catalogue = make_catalogue(
        projects=[{"id": "a"}, {"id": "b"}],
        programmes=[{"id": "pnrr", "level": "eu"}],
        funding=[
            line("" if amount is None else f"{amount:.2f}", nature, counted, project)
            for amount, nature, counted, project in lines
        ],
    )
    for project in ("a", "b"):
        counted = [each for each in lines if each[2:] == ("yes", project)]
        expected: dict[str, Decimal] = {}
        for amount, nature, *_ in counted:
            if amount is not None:
                expected[nature] = expected.get(nature, Decimal(0)) + amount
        total = query.money_of(catalogue, project)
        assert dict(total.by_nature) == expected
        assert total.n_unknown == sum(amount is None for amount, *_ in counted)
        assert len(total.lines) == sum(each[3] == project for each in lines)
