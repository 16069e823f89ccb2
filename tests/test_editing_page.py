"""Editing in the page: finding a row, its form, its position, the queue of positions."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from streamlit.testing.v1 import AppTest

from regen_map.catalogue import City
from regen_map.ui.staff.editing import MovedPoint
from regen_map.ui.staff.editing.marks import label, short
from regen_map.ui.staff.editing.position import heard

Opened: TypeAlias = Callable[..., AppTest]

HOSTILE = "<img src=x onerror=alert(1)> **b** :red[c] $x$ `y` ${z} [l](javascript:alert(2)) \u202e"


def page() -> None:
    """Show editing on the files of the session, into which it also saves."""
    import collections.abc  # noqa: PLC0415 -- the body of a script that AppTest cuts out
    import datetime as dt  # noqa: PLC0415

    import streamlit as st  # noqa: PLC0415

    from regen_map.messages import translator  # noqa: PLC0415
    from regen_map.ui.staff.editing import Bench, show_editing  # noqa: PLC0415

    state = st.session_state

    def keep(changed: collections.abc.Mapping[str, bytes | None]) -> bool:
        files = {**state["files"], **changed}
        state["files"] = {name: each for name, each in files.items() if each is not None}
        state["kept"] = [*state.get("kept", []), *changed]
        return not state.get("clash", False)

    words = translator(state["language"])
    show_editing(Bench(words=words, files=state["files"], keep=keep, today=dt.date(2026, 11, 22)))


@pytest.fixture
def opened(town_files: dict[str, bytes]) -> Opened:
    """Open the page on a town, with other files in the place of some."""

    def open_page(language: str = "it", **changed: bytes) -> AppTest:
        app = AppTest.from_function(page, default_timeout=60)
        contents = {f"{name}.csv": content for name, content in changed.items()}
        app.session_state["files"] = {**town_files, **contents}
        app.session_state["language"] = language
        return run(app)

    return open_page


def run(app: AppTest) -> AppTest:
    app.run()
    assert [each.value for each in app.exception] == []
    return app


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click()
    return run(app)


def found(app: AppTest, text: str) -> AppTest:
    """Search, and open the first row that is found."""
    app.text_input(key="editing-search").set_value(text)
    return press(run(app), "editing-found-0")


def field(app: AppTest, column: str) -> Any:
    """Give the field of a column."""
    widgets = [*app.text_input, *app.text_area, *app.selectbox, *app.checkbox]
    (one,) = (
        each
        for each in widgets
        if re.fullmatch(rf"editing-[0-9a-f]{{12}}-{column}", each.key or "")
    )
    return one


def type_in(app: AppTest, **cells: str) -> AppTest:
    for column, text in cells.items():
        field(app, column).set_value(text)
    return run(app)


def told(app: AppTest) -> str:
    """Give all HTML of ours that the page holds."""
    return "\n".join(each.proto.body for each in app.get("html"))


def drawn(app: AppTest) -> dict[str, Any]:
    """Give what the map is told."""
    (element,) = app.get("component_instance")
    script = json.loads(element.proto.json_args)["feature_group"]
    state = re.search(r"regenMapPosition\.set\((.*)\);", script)
    assert state
    shown: dict[str, Any] = json.loads(state.group(1))
    return shown


def rows_of(app: AppTest, table: str) -> dict[str, Mapping[str, str]]:
    """Give the rows of a table as they are kept, by id."""
    text = app.session_state["files"][f"{table}.csv"].decode()
    return {row.get("id", ""): row for row in csv.DictReader(io.StringIO(text, newline=""))}


# ------------------------------------------------------------------ finding


def test_another_language_keeps_what_is_typed_and_reads_every_choice(opened: Opened) -> None:
    app = type_in(found(opened(), "rossi"), phone="0585 123456")
    app.session_state["language"] = "en"
    run(app)
    assert field(app, "phone").value == "0585 123456"
    assert "What changes: «Telephone»." in told(app)
    press(app, "editing-do-save")
    assert rows_of(app, "workshops")["rossi"]["phone"] == "0585 123456"


def test_what_others_change_in_an_open_row_is_shown_and_not_taken_for_mine(opened: Opened) -> None:
    app = type_in(found(opened(), "rossi"), phone="0585 123456")
    before = app.session_state["files"]["workshops.csv"]
    others = before.replace(b"Bottega Rossi", b"Bottega Rossi e figli")
    assert others != before
    app.session_state["files"] = {**app.session_state["files"], "workshops.csv": others}
    run(app)
    assert "Nel frattempo questa riga \u00e8 cambiata" in told(app)
    assert field(app, "name_it").value == "Bottega Rossi e figli"
    assert "Cambiano: «Telefono»." in told(app)
    press(app, "editing-do-save")
    row = rows_of(app, "workshops")["rossi"]
    assert (row["name_it"], row["phone"]) == ("Bottega Rossi e figli", "0585 123456")
    assert "Nel frattempo" not in told(app)


def test_a_place_is_found_changed_and_kept(opened: Opened) -> None:
    app = type_in(found(opened(), "rossi"), phone="0585 123456", status="closed")
    assert "Cambiano: «Telefono» e «Stato»." in told(app)
    before = dict(rows_of(app, "workshops"))
    press(app, "editing-do-save")
    after = rows_of(app, "workshops")
    assert after["rossi"]["phone"] == "0585 123456"
    assert after["rossi"]["status"] == "closed"
    assert {name: row for name, row in after.items() if name != "rossi"} == {
        name: row for name, row in before.items() if name != "rossi"
    }
    assert app.session_state["kept"] == ["workshops.csv"]
    assert "Cambiano" not in told(app)
    assert field(app, "phone").value == "0585 123456"


def test_what_was_saved_is_said_until_something_else_is_typed(opened: Opened) -> None:
    app = type_in(found(opened(), "rossi"), phone="0585 1")
    assert "Salvata tra le modifiche" not in told(app)
    assert "Salvata tra le modifiche" in told(press(app, "editing-do-save"))
    assert "Salvata tra le modifiche" not in told(type_in(app, phone="0585 2"))


def test_a_line_of_money_is_named_as_in_its_project(opened: Opened) -> None:
    app = found(opened(), "selciato")
    if not is_project(app):
        press(app, "editing-open-projects-0")
    press(app, "editing-open-funding-0")
    assert "<h2>Importo non noto · Assegnati · Piano di ripresa</h2>" in told(app)


def test_nothing_can_be_saved_before_anything_is_changed(opened: Opened) -> None:
    app = found(opened(), "rossi")
    assert app.button(key="editing-do-save").disabled
    assert field(app, "id").disabled


def test_any_row_is_found_by_its_table(opened: Opened) -> None:
    app = opened("en")
    app.selectbox(key="editing-table").set_value("programmes")
    run(app)
    app.text_input(key="editing-filter").set_value("recovery")
    run(app)
    assert "1 row." in told(app)
    app.selectbox(key="editing-row-programmes").set_value(0)
    assert field(run(app), "name_en").value == "Recovery plan"


def test_a_row_that_the_map_leaves_out_is_offered_first_and_mended(
    opened: Opened, town_files: dict[str, bytes]
) -> None:
    broken = town_files["workshops.csv"].replace(b"rossi,", b"Rossi & C.,")
    app = opened(workshops=broken)
    assert "Rossi &amp; C." in told(app)
    press(app, "editing-mend-0")
    assert not field(app, "id").disabled
    press(type_in(app, id="rossi"), "editing-do-save")
    assert app.session_state["files"]["workshops.csv"] == town_files["workshops.csv"]
    assert "editing-mend-0" not in [each.key for each in press(app, "editing-back").button]


def test_what_is_typed_and_not_saved_is_there_again(opened: Opened) -> None:
    app = type_in(found(opened(), "rossi"), phone="0585 1")
    press(app, "editing-back")
    assert "Una riga ha modifiche non salvate." in told(app)
    (again,) = (each.key for each in app.button if (each.key or "").startswith("editing-unsaved"))
    assert again
    assert field(press(app, again), "phone").value == "0585 1"
    press(app, "editing-discard")
    assert field(app, "phone").value == ""
    assert "non salvate" not in told(press(app, "editing-back"))


# ------------------------------------------------------------------ the form


def test_a_fault_is_told_below_its_field_and_not_saved(opened: Opened) -> None:
    app = type_in(found(opened(), "rossi"), email="nessuno")
    assert '<ul class="rm-edit-issues"' in told(app)
    assert "nessuno" in told(app)
    press(app, "editing-do-save")
    assert "Non salvata" in told(app)
    assert "kept" not in app.session_state


def test_a_fault_beside_its_field_does_not_say_where_it_is(opened: Opened) -> None:
    app = type_in(found(opened(), "rossi"), email="nessuno")
    (sentence,) = re.findall(r'<li class="error">(.*?)</li>', told(app))
    assert sentence.startswith("«nessuno» non è un indirizzo di posta elettronica.")


def test_a_row_that_another_one_would_lose_is_told_before_it_is_saved(
    opened: Opened, town_files: dict[str, bytes]
) -> None:
    head, museum, theatre = town_files["attractions.csv"].splitlines(keepends=True)
    twice = theatre.replace(b"teatro,", b"museo,")
    broken = museum.replace(b"museo,", b"Museo,")
    app = press(opened(attractions=head + broken + twice), "editing-mend-0")
    type_in(app, id="museo")
    assert "un’altra riga avrebbe un errore" in told(app)
    press(app, "editing-do-save")
    assert app.session_state["kept"] == ["attractions.csv"]


def test_what_is_typed_in_the_italian_way_is_kept_in_the_canonical_one(opened: Opened) -> None:
    app = type_in(found(opened(), "rossi"), founded="30/09/1998")
    press(app, "editing-do-save")
    assert rows_of(app, "workshops")["rossi"]["founded"] == "1998-09-30"


def test_pieces_of_a_list_stand_on_lines_of_their_own(opened: Opened) -> None:
    app = found(opened(), "rossi")
    assert field(app, "people").value == "Ada Neri\nUgo Bianchi"
    press(type_in(app, people="Ada Neri\nUgo Bianchi\nIda Verdi"), "editing-do-save")
    assert rows_of(app, "workshops")["rossi"]["people"] == "Ada Neri | Ugo Bianchi | Ida Verdi"


def test_the_day_of_the_check_is_proposed_and_not_forced(opened: Opened) -> None:
    app = type_in(found(opened(), "rossi"), phone="0585 1")
    press(app, "editing-do-save")
    assert rows_of(app, "workshops")["rossi"]["as_of"] == ""
    field(app, "verified").check()
    press(run(app), "editing-do-save")
    assert rows_of(app, "workshops")["rossi"]["as_of"] == "2026-11-22"


def test_a_new_place_gets_an_id_of_its_name(opened: Opened) -> None:
    app = press(opened(), "editing-new-attractions")
    type_in(app, name_it="Museo", name_en="Museum", kind="museum", sources_0="https://a.example/9")
    assert field(app, "id").value == "museo-2"
    assert "obbligator" not in told(app)
    type_in(app, id="museo-nuovo")
    assert field(type_in(app, name_it="Museo Nuovo"), "id").value == "museo-nuovo"
    press(app, "editing-do-save")
    assert rows_of(app, "attractions")["museo-nuovo"]["name_en"] == "Museum"
    assert field(app, "id").disabled


def test_what_a_new_row_lacks_is_told_when_it_is_to_be_saved(opened: Opened) -> None:
    app = type_in(press(opened(), "editing-new-projects"), summary_it="x", summary_en="x")
    assert '<ul class="rm-edit-issues"' not in told(app)
    press(app, "editing-do-save")
    assert told(app).count('class="error"') >= 2
    assert "kept" not in app.session_state


def test_money_and_steps_are_added_to_a_project(opened: Opened) -> None:
    app = found(opened(), "nuovo selciato")
    assert field(app, "cup").value == "B65I18000100001" if is_project(app) else True
    if not is_project(app):
        press(app, "editing-open-projects-0")
    assert app.button(key="editing-open-funding-0").label == label(
        "Importo non noto · Assegnati · Piano di ripresa"
    )
    press(app, "editing-add-milestones")
    assert field(app, "project_id").value == "selciato"
    type_in(app, date="2025-10", text_it="Posa", text_en="Laying", source="https://a.example/p")
    press(app, "editing-do-save")
    last = app.session_state["files"]["milestones.csv"].decode().splitlines()[-1]
    assert last == "selciato,2025-10,,Posa,Laying,https://a.example/p"
    press(app, "editing-back")
    assert "editing-open-milestones-0" in [each.key for each in app.button]


def is_project(app: AppTest) -> bool:
    return any((each.key or "").endswith("-cup") for each in app.text_input)


def test_a_row_is_taken_away_after_its_consequences_are_told(opened: Opened) -> None:
    app = found(opened(), "rete")
    assert is_project(app)
    assert "editing-remove" not in [each.key for each in app.button]
    field(app, "sure").check()
    assert "altre 2 righe" in told(run(app))
    press(app, "editing-remove")
    assert "rete" not in rows_of(app, "projects")


def test_a_row_that_is_gone_is_told(opened: Opened) -> None:
    app = found(opened(), "rossi")
    app.session_state["files"] = {
        **app.session_state["files"],
        "workshops.csv": app.session_state["files"]["workshops.csv"].replace(b"rossi,", b"ross,"),
    }
    assert "Questa riga non c’è più" in told(run(app))


def test_what_the_work_does_not_take_stays_typed(opened: Opened) -> None:
    app = type_in(found(opened(), "rossi"), phone="0585 1")
    app.session_state["clash"] = True
    before = app.session_state["files"]
    press(app, "editing-do-save")
    app.session_state["files"] = before
    assert field(run(app), "phone").value == "0585 1"


def with_sources(opened: Opened, town_files: dict[str, bytes], cells: str) -> AppTest:
    """Open a row whose sources and dates are written just so, comma and all."""
    return found(opened(workshops=bare(town_files, cells)), "rossi")


def bare(town_files: dict[str, bytes], cells: str) -> bytes:
    """Write sources and dates just so into the first workshop."""
    source = b"https://source.example/workshops,"
    before = town_files["workshops.csv"]
    assert source in before
    return before.replace(source, cells.encode(), 1)


def test_each_source_stands_beside_its_date(opened: Opened, town_files: dict[str, bytes]) -> None:
    written = "https://a.example/1|https://a.example/2,|2024-05"
    app = with_sources(opened, town_files, written)
    shown = [field(app, each).value for each in ("sources_1", "source_dates_0", "source_dates_1")]
    assert shown == ["https://a.example/2", "", "2024-05"]
    assert app.button(key="editing-do-save").disabled
    press(type_in(app, phone="0585 1"), "editing-do-save")
    assert written in app.session_state["files"]["workshops.csv"].decode()
    press(type_in(app, source_dates_0="2023"), "editing-do-save")
    expected = "https://a.example/1|https://a.example/2,2023 | 2024-05"
    assert expected in app.session_state["files"]["workshops.csv"].decode()


def test_a_source_is_added_and_another_one_taken_away(opened: Opened) -> None:
    app = press(found(opened(), "rossi"), "editing-add-source")
    type_in(app, sources_1="https://a.example/2", source_dates_1="05/2024")
    assert "Cambiano: «Fonti» e «Date delle fonti»." in told(app)
    press(app, "editing-do-save")
    row = rows_of(app, "workshops")["rossi"]
    assert row["sources"] == "https://source.example/workshops | https://a.example/2"
    assert row["source_dates"].strip() == "| 2024-05"
    press(type_in(app, sources_0="", source_dates_0=""), "editing-do-save")
    row = rows_of(app, "workshops")["rossi"]
    assert (row["sources"], row["source_dates"]) == ("https://a.example/2", "2024-05")
    assert field(app, "sources_0").value == "https://a.example/2"


def test_sources_that_are_typed_and_not_saved_are_there_again(opened: Opened) -> None:
    app = press(found(opened(), "rossi"), "editing-add-source")
    type_in(app, sources_1="https://a.example/2", source_dates_1="2024")
    app.session_state["language"] = "en"
    assert field(run(app), "sources_1").value == "https://a.example/2"
    (again,) = (
        each.key
        for each in press(app, "editing-back").button
        if (each.key or "").startswith("editing-unsaved")
    )
    assert again
    assert field(press(app, again), "source_dates_1").value == "2024"
    press(app, "editing-discard")
    assert "editing-discard" not in [each.key for each in app.button]
    assert [each.label for each in app.text_input if "Source" in each.label] == [
        "Source 1: address",
        "Source 1: date",
    ]


def test_a_date_without_its_source_is_a_fault_that_is_told(opened: Opened) -> None:
    app = type_in(found(opened(), "rossi"), source_dates_0="2024")
    assert '<ul class="rm-edit-issues"' not in told(app)
    type_in(press(app, "editing-add-source"), source_dates_1="2025")
    assert '<li class="error">' in told(app)
    press(app, "editing-do-save")
    assert "kept" not in app.session_state


def test_what_must_be_chosen_is_not_offered_as_unknown(opened: Opened) -> None:
    app = found(opened(), "selciato")
    if not is_project(app):
        press(app, "editing-open-projects-0")
    assert "Non si sa" in field(app, "phase").options
    press(app, "editing-add-funding")
    for column in ("programme_id", "nature", "counted"):
        assert field(app, column).options[0] == "– scegliere –"
        assert "Non si sa" not in field(app, column).options
    press(app, "editing-do-save")
    assert told(app).count("La cella è vuota") >= 3


def test_money_is_written_with_spaces_and_foreign_signs_with_their_codes(
    opened: Opened, town_files: dict[str, bytes]
) -> None:
    programmes = town_files["programmes.csv"].replace(b"Piano di ripresa", "Piano\u202e".encode())
    head, *rows = town_files["funding.csv"].decode().splitlines()
    place = head.split(",").index("amount_eur")
    cells = rows[0].split(",")
    cells[place] = "1234.50"
    funding = "\n".join([head, ",".join(cells), *rows[1:], ""]).encode()
    app = found(opened(programmes=programmes, funding=funding), "selciato")
    if not is_project(app):
        press(app, "editing-open-projects-0")
    said = app.button(key="editing-open-funding-0").label
    assert said.startswith("1\\.234\\,50\u00a0€ · ")
    assert "Piano\\[U\\+202E\\]" in said


# ------------------------------------------------------------------ positions


def test_the_map_shows_where_a_place_is_and_how_exactly(opened: Opened) -> None:
    state = drawn(found(opened(), "rossi"))
    assert (state["now"], state["accuracy"], state["before"]) == ([44.0801, 10.1002], 100, None)
    assert state["editable"] is True


def test_degrees_that_are_typed_move_the_point_on_the_map(opened: Opened) -> None:
    app = type_in(found(opened(), "rossi"), lat="44.0811")
    state = drawn(app)
    assert (state["now"], state["before"]) == ([44.0811, 10.1002], [44.0801, 10.1002])
    assert state["apart"] == "Spostato di 110 m."
    assert "Spostato di 110 m." in told(app)


def test_the_map_is_the_same_whatever_is_shown_on_it(opened: Opened) -> None:
    app = found(opened(), "rossi")
    (first,) = app.get("component_instance")
    (second,) = type_in(app, lat="44.0811", name_it="Altro", email="x").get("component_instance")
    scripts = [json.loads(each.proto.json_args)["script"] for each in (first, second)]
    assert scripts[0] == scripts[1]
    assert first.proto.id == second.proto.id


def test_a_proposal_fills_position_accuracy_and_source(opened: Opened) -> None:
    app = found(opened(), "piazza alberica")
    (proposal,) = drawn(app)["proposals"]
    assert proposal["at"] == [44.0802, 10.1002]
    press(app, "editing-proposal-0")
    assert field(app, "lat").value == "44.080200"
    assert field(app, "position_accuracy_m").value == ""
    assert field(app, "position_source_it").value == "Dallo stradario della mappa: Via Carriona 1"
    assert "Via Carriona 1" in field(app, "position_source_en").value


def by_hand(app: AppTest) -> bool:
    return "Hai cambiato la posizione a mano" in told(app)


def test_degrees_typed_over_a_source_are_told_not_to_come_from_it(opened: Opened) -> None:
    app = type_in(found(opened(), "rossi"), position_source_it="ANNCSU", position_source_en="-")
    press(app, "editing-do-save")
    assert not by_hand(app)
    assert by_hand(type_in(app, lat="44.0811"))
    assert by_hand(type_in(app, lon="10.1011"))
    press(app, "editing-by-hand")
    assert not by_hand(app)
    assert field(app, "position_accuracy_m").value == ""
    told_source = "Posizione indicata a mano sulla mappa il 22 novembre 2026"
    assert field(app, "position_source_it").value == told_source
    assert "22 November 2026" in field(app, "position_source_en").value
    press(app, "editing-do-save")
    assert rows_of(app, "workshops")["rossi"]["position_accuracy_m"] == ""
    assert not by_hand(type_in(app, lat="44.0812"))


def test_who_says_where_typed_degrees_come_from_is_not_advised(opened: Opened) -> None:
    app = type_in(found(opened(), "rossi"), position_source_it="Rilievo", lat="44.0811")
    # Both at once: which came first nobody can tell, and the source is another one.
    type_in(app, position_source_it="Rilievo GPS")
    assert not by_hand(app)
    type_in(app, lon="10.1011")
    assert not by_hand(app)


def test_degrees_that_are_typed_back_are_no_change(opened: Opened) -> None:
    app = type_in(found(opened(), "rossi"), lat="44.0811")
    assert by_hand(app)
    assert not by_hand(type_in(app, lat="44.0801"))


def test_a_position_that_is_proposed_is_not_said_to_be_typed(opened: Opened) -> None:
    app = type_in(found(opened(), "piazza alberica"), lat="44.0811")
    assert by_hand(app)
    press(app, "editing-proposal-0")
    assert not by_hand(app)


def test_a_position_can_be_taken_away(opened: Opened) -> None:
    app = press(found(opened(), "rossi"), "editing-clear-position")
    assert drawn(app)["now"] is None
    press(app, "editing-do-save")
    row = rows_of(app, "workshops")["rossi"]
    assert (row["lat"], row["lon"], row["position_accuracy_m"]) == ("", "", "")


def test_the_queue_walks_through_places_and_can_be_answered(opened: Opened) -> None:
    app = press(opened(), "editing-queue")
    names = []
    for _ in range(3):
        names.append(re.findall(r"<h3>(.*?)</h3>", told(app))[0])
        press(app, "editing-skip")
    assert names == ["Cinema", "Nicoli", "Caffè Perù"]
    # Those without a position come first, then those that do not say how exact they are.
    type_in(app, position_accuracy_m="8")
    press(app, "editing-do-save")
    text = app.session_state["files"]["public_spaces.csv"].decode()
    assert next(csv.DictReader(io.StringIO(text)))["position_accuracy_m"] in {"5", "8"}
    assert app.session_state["kept"]


def test_a_place_that_nobody_can_locate_is_not_asked_again(opened: Opened) -> None:
    app = press(opened(), "editing-queue")
    press(app, "editing-lost")
    text = app.session_state["files"]["public_spaces.csv"].decode()
    (row,) = (row for row in csv.DictReader(io.StringIO(text)) if row["id"] == "cinema")
    assert row["position_source_it"] == "Cercata senza trovarla il 22 novembre 2026"
    assert row["position_source_en"] == "Looked for and not found on 22 November 2026"
    assert row["lat"] == ""
    press(app, "editing-back")
    press(app, "editing-queue")
    assert "Cinema" not in re.findall(r"<h3>(.*?)</h3>", told(app))


def test_the_queue_ends(opened: Opened) -> None:
    app = press(opened("en"), "editing-queue")
    n_places = 0
    while "editing-skip" in [each.key for each in app.button]:
        press(app, "editing-skip")
        n_places += 1
    assert "Nothing else is to be verified." in told(app)
    press(app, "editing-again")
    assert f"1 of {n_places}" in app.get("progress")[0].proto.text


# ------------------------------------------------------------------ hostile text


def test_no_text_of_the_data_is_read_as_markup(
    opened: Opened, town_files: dict[str, bytes]
) -> None:
    cell = '"' + HOSTILE.replace('"', '""') + '"'
    head, *lines = town_files["workshops.csv"].decode().splitlines()
    lines[0] = lines[0].replace("Bottega Rossi", cell).replace("Rossi workshop", cell)
    content = "\n".join([head, *lines, f"{cell},{cell},x,gallery"]).encode()
    app = opened(workshops=content)
    for shown in (app, press(app, "editing-mend-0"), found(press(app, "editing-back"), "rossi")):
        assert "<img" not in told(shown)
        for widget in (*shown.button, *shown.text_input, *shown.selectbox, *shown.checkbox):
            assert not re.search(r"(?<!\\)[<*$`\[]", widget.label), widget.label
        assert not shown.markdown


def test_a_label_shows_what_cannot_be_seen_and_runs_nothing() -> None:
    assert label("a\u202eb") == r"a\[U\+202E\]b"
    assert label("x" * 500).endswith("…")
    assert short("a\nb") == "a⏎b"


def test_a_cell_that_is_too_long_is_not_sent(opened: Opened, town_files: dict[str, bytes]) -> None:
    long = town_files["workshops.csv"].replace(b"Bottega Rossi", b"x" * 30_000)
    app = press(opened(workshops=long), "editing-mend-0")
    assert field(app, "name_it").value == ""
    assert "30.000" in told(app)
    press(type_in(app, name_it="Bottega Rossi"), "editing-do-save")
    assert app.session_state["files"]["workshops.csv"] == town_files["workshops.csv"]


def test_sources_that_are_too_long_are_not_sent_and_stay(
    opened: Opened, town_files: dict[str, bytes]
) -> None:
    long = town_files["workshops.csv"].replace(b"https://source.example", b"x" * 30_000, 1)
    app = press(opened(workshops=long), "editing-mend-0")
    assert field(app, "sources_0").value == ""
    assert "30.010" in told(app)
    press(type_in(app, phone="0585 1"), "editing-do-save")
    assert b"x" * 30_000 in app.session_state["files"]["workshops.csv"]
    press(type_in(app, sources_0="https://a.example"), "editing-do-save")
    assert rows_of(app, "workshops")["rossi"]["sources"] == "https://a.example"


def test_hostile_sources_stay_text_in_their_fields(
    opened: Opened, town_files: dict[str, bytes]
) -> None:
    piece = HOSTILE.replace("|", "")
    cell = f"{piece} | javascript:alert(3),=1+1 | "
    app = press(opened(workshops=bare(town_files, cell)), "editing-mend-0")
    assert field(app, "sources_0").value == piece.strip()
    assert field(app, "sources_1").value == "javascript:alert(3)"
    assert field(app, "source_dates_0").value == "=1+1"
    assert "<img" not in told(app)
    press(type_in(app, phone="0585 1"), "editing-do-save")
    assert piece.strip() in app.session_state["files"]["workshops.csv"].decode()


def test_a_table_in_a_workbook_is_told_before_it_becomes_another_file(opened: Opened) -> None:
    app = opened()
    sheet = (Path(__file__).parent / "files" / "offices" / "projects-foglio.ods").read_bytes()
    files = dict(app.session_state["files"])
    del files["projects.csv"]
    app.session_state["files"] = files | {"projects.ods": sheet}
    app.selectbox(key="editing-table").set_value("projects")
    run(app)
    app.selectbox(key="editing-row-projects").set_value(0)
    assert "La tabella si trova in projects.ods." in told(run(app))
    press(type_in(app, name_en="Another name"), "editing-do-save")
    assert "projects.ods" not in app.session_state["files"]
    assert b"Another name" in app.session_state["files"]["projects.csv"]
    assert "La tabella si trova in" not in told(app)


def test_a_character_that_windows_lacks_is_told_before_the_file_becomes_unicode(
    opened: Opened, town_files: dict[str, bytes]
) -> None:
    windows = town_files["workshops.csv"].decode().encode("cp1252")
    app = type_in(found(opened(workshops=windows), "rossi"), name_en="Café")
    assert "UTF-8" not in told(app)
    type_in(app, name_en="Čapek <b>", name_it="Łódź")
    assert "è in Windows-1252, che non ha «Ł», «ź» e «Č»." in told(app)
    press(app, "editing-do-save")
    assert "Łódź".encode() in app.session_state["files"]["workshops.csv"]


def test_a_file_in_two_encodings_is_told_before_it_becomes_unicode(
    opened: Opened, town_files: dict[str, bytes]
) -> None:
    content = town_files["workshops.csv"].replace(b"Bottega", "Bòttega".encode("cp1252"))
    app = found(opened("en", workshops=content), "rossi")
    assert "UTF-8" not in told(app)
    assert "Some lines of workshops.csv are in another encoding." in told(type_in(app, phone="1"))


# ------------------------------------------------------------------ the map's word


def test_a_position_that_is_set_on_the_map_is_as_exact_as_the_finger() -> None:
    said = {"lat": 44.08, "lon": 10.1, "zoom": 18, "subject": "a"}
    assert heard(said, "a") == (44.08, 10.1, 5)
    assert heard({**said, "zoom": 13}, "a") == (44.08, 10.1, 140)


@pytest.mark.parametrize(
    "said",
    [
        None,
        "44.08",
        {},
        {"lat": 44.08, "lon": 10.1, "zoom": 18, "subject": "b"},
        {"lat": 144.08, "lon": 10.1, "zoom": 18, "subject": "a"},
        {"lat": float("nan"), "lon": 10.1, "zoom": 18, "subject": "a"},
        {"lat": "<b>", "lon": 10.1, "zoom": 18, "subject": "a"},
        {"lat": [44.08], "lon": {}, "zoom": 18, "subject": "a"},
        {"lat": 44.08, "lon": 10.1, "zoom": float("nan"), "subject": "a"},
        {"lat": 44.08, "lon": 10.1, "zoom": None, "subject": "a"},
    ],
)
def test_anything_else_that_the_map_may_send_sets_no_position(said: object) -> None:
    assert heard(said, "a") is None


# ------------------------------------------------------------------ moved points


def moved_page() -> None:
    """Show some points that a change moves."""
    import streamlit as st  # noqa: PLC0415 -- the body of a script that AppTest cuts out

    from regen_map.messages import translator  # noqa: PLC0415
    from regen_map.ui.staff.editing import show_moved_points  # noqa: PLC0415

    state = st.session_state
    show_moved_points(translator("en"), state["city"], state["points"], key="moves")


def moved_points(city: City, *points: MovedPoint) -> AppTest:
    app = AppTest.from_function(moved_page, default_timeout=60)
    app.session_state["city"] = city
    app.session_state["points"] = points
    return run(app)


def test_moved_points_are_drawn_and_told_farthest_first(city: City) -> None:
    near, far = (44.0805, 10.1), (44.1, 10.1)
    app = moved_points(
        city,
        MovedPoint(name="Near", before=(44.08, 10.1), after=near, metres=55.6),
        MovedPoint(name="New", before=None, after=near),
        MovedPoint(name="Far", before=(44.08, 10.1), after=far, metres=2222.0),
        MovedPoint(name="Gone", before=far, after=None),
    )
    moves = drawn(app)["moves"]
    assert [each["label"] for each in moves] == [
        "Far: 2.2 km",
        "Near: 56 m",
        "New: put on the map",
        "Gone: taken off the map",
    ]
    assert moves[0]["after"] == [44.1, 10.1]
    assert drawn(app)["editable"] is False
    assert all(f"<li>{each['label']}</li>" in told(app) for each in moves)


def test_no_moved_points_are_no_map(city: City) -> None:
    assert list(moved_points(city).get("component_instance")) == []


def test_what_is_not_drawn_or_named_is_counted(city: City) -> None:
    point = MovedPoint(name="x", before=(44.08, 10.1), after=(44.081, 10.1), metres=111.0)
    app = moved_points(city, *[point] * 620)
    assert len(drawn(app)["moves"]) == 500
    assert "And 520 more." in told(app)


def test_names_of_moved_points_stay_text(city: City) -> None:
    name = "</script><script>alert(1)</script>`${x}`"
    point = MovedPoint(name=name, before=None, after=(44.08, 10.1))
    app = moved_points(city, point)
    (element,) = app.get("component_instance")
    assert "</script" not in json.loads(element.proto.json_args)["feature_group"]
    assert drawn(app)["moves"][0]["label"].startswith(name)
    assert "<script" not in told(app)


# ------------------------------------------------------------------ files that are broken


def test_rows_can_be_mended_where_the_city_cannot_be_read(opened: Opened) -> None:
    app = opened()
    app.session_state["files"] = {**app.session_state["files"], "city.toml": b"name_it = "}
    run(app)
    app.selectbox(key="editing-table").set_value("workshops")
    run(app)
    app.selectbox(key="editing-row-workshops").set_value(0)
    assert "La mappa non si può mostrare" in told(run(app))
    press(type_in(app, phone="0585 1"), "editing-do-save")
    assert rows_of(app, "workshops")["rossi"]["phone"] == "0585 1"


def test_a_file_that_cannot_be_read_is_told_when_a_row_is_added_to_it(opened: Opened) -> None:
    app = press(opened(attractions=b"\x00\x00\x00\x00"), "editing-new-attractions")
    assert "Il file attractions.csv non si può cambiare" in told(app)
    type_in(app, name_it="Museo", name_en="Museum", kind="museum", sources_0="https://a.example")
    press(app, "editing-do-save")
    assert told(app).count("Il file attractions.csv non si può cambiare") == 2
    assert "kept" not in app.session_state


@pytest.mark.parametrize("column", ["name_it", "name_en"])
def test_a_name_that_is_emptied_is_refused_in_its_place(column: str, opened: Opened) -> None:
    app = found(opened("en"), "Bottega Rossi")
    type_in(app, **{column: ""})
    assert "The cell is empty. Write a value." in told(app)
    press(app, "editing-do-save")
    assert "kept" not in app.session_state
    type_in(app, **{column: "Rossi"})
    assert "The cell is empty" not in told(app)
    press(app, "editing-do-save")
    assert app.session_state["kept"] == ["workshops.csv"]
