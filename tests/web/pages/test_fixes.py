"""Putting right how a reply was read, and admitting a message from an address that nobody knew."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from digest import clock
from digest.domain.mails.record import InboundMessage
from digest.domain.questions.question import Answer, Question
from digest.domain.rounds import entry as entries
from digest.domain.rounds.entry import Part, Section
from tests.web.scene import BEN, MIRA, SENT, Scene, held_message

FOIL = "A thinner foil.\nThen the old one."
TORE = "Both tore."
ASKS = "Who has a contact at the foil maker?"
FORKLIFT = "By the way, the forklift is back."


@pytest.fixture
def source(scene: Scene) -> int:
    """Mira's reply, as it was read; its receipt is ten minutes old."""
    scene.at(days=1)
    number = scene.write(
        MIRA,
        Part("tried", FOIL),
        Part("failed", TORE),
        Part("question", ASKS),
        Part("undecided", FORKLIFT, "en"),
    )
    scene.mail(MIRA, "receipt", ["fix", "undo"], inbound_id=number)
    scene.at(days=1, minutes=10)
    return number


def page(scene: Scene) -> str:
    return scene.client.get(scene.path(MIRA, "fix", kind="receipt")).text


def form(scene: Scene) -> dict[str, str]:
    """The form as a browser would send it unchanged."""
    html = page(scene)
    fields = re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n([^<]*)</textarea>', html)
    radios = re.findall(r'type="radio" name="([^"]+)" value="([^"]*)" checked', html)
    boxes = re.findall(r'type="checkbox" name="([^"]+)" checked', html)
    return (
        {name: text.replace("\n", "\r\n") for name, text in fields}
        | dict(radios)
        | dict.fromkeys(boxes, "on")
    )


def send(scene: Scene, **changes: str) -> str:
    wanted = {**form(scene), "act": "fix", **changes}
    return scene.client.post(scene.path(MIRA, "fix", kind="receipt"), data=wanted).text


def field(scene: Scene, source: int, key: str) -> str:
    return next(f"text-{s.id}" for s in scene.sections(source) if s.key == key and s.is_waiting)


def standing(scene: Scene, source: int) -> list[tuple[str, str]]:
    return [(s.key, s.text) for s in scene.sections(source) if s.is_waiting]


def test_the_fields_hold_what_was_read(scene: Scene, source: int) -> None:
    assert list(form(scene).values()) == [
        FOIL.replace("\n", "\r\n"),
        TORE,
        ASKS,
        "",
    ]
    html = page(scene)
    assert "This goes to Ben, Carla and Emil on Monday at 09:00." in html
    assert FORKLIFT in html


def test_saving_without_a_change_changes_nothing(scene: Scene, source: int) -> None:
    before = scene.everything()
    assert "It stays as it was." in send(scene)
    assert scene.everything() == before


def test_new_words_replace_the_waiting_ones_and_a_fresh_receipt_is_owed(scene: Scene, source: int) -> None:
    received = scene.sections(source)[0].received_at
    after = send(scene, **{field(scene, source, "tried"): "A <thicker> foil."})
    assert "Done. It is put right." in after
    assert "A &lt;thicker&gt; foil." in after
    assert standing(scene, source) == [
        ("failed", TORE),
        ("question", ASKS),
        ("undecided", FORKLIFT),
        ("tried", "A <thicker> foil."),
    ]
    assert {s.received_at for s in scene.sections(source)} == {
        received
    }  # shown when the old ones would have been
    (receipt,) = scene.notices("receipt")
    assert receipt.facts == {"inbound_id": source, "occasion_word": "correction"}


def test_a_form_sent_twice_counts_once(scene: Scene, source: int) -> None:
    wanted = {**form(scene), "act": "fix", field(scene, source, "tried"): "Something else."}
    wanted[next(name for name in wanted if name.startswith("as-"))] = "failed"
    path = scene.path(MIRA, "fix", kind="receipt")
    scene.client.post(path, data=wanted)
    once = scene.everything()
    assert "It stays as it was." in scene.client.post(path, data=wanted).text
    assert scene.everything() == once


def test_a_reworded_question_is_a_question_still(scene: Scene, source: int) -> None:
    send(scene, **{field(scene, source, "question"): "Who knows the foil maker?"})
    with scene.database.reading() as session:
        waiting = entries.waiting_sections(session, scene.member(MIRA).group_id, SENT + timedelta(days=9))
        unnumbered = session.query(Question).filter_by(number=None)
        asked = {(question.text, question.state) for question in unnumbered}
    assert [s.text for s in waiting if s.key == "question"] == ["Who knows the foil maker?"]
    assert asked == {(ASKS, "withdrawn"), ("Who knows the foil maker?", "open")}


def test_an_emptied_field_takes_its_part_back(scene: Scene, source: int) -> None:
    send(scene, **{field(scene, source, "failed"): "  \r\n "})
    assert standing(scene, source) == [("tried", FOIL), ("question", ASKS), ("undecided", FORKLIFT)]
    assert 'name="new-failed"' in page(scene)


def test_what_was_left_in_doubt_is_included_by_its_writer_alone(scene: Scene, source: int) -> None:
    (name,) = [name for name in form(scene) if name.startswith("as-")]
    send(scene, **{name: "tried"})
    assert standing(scene, source)[-1] == ("tried", FORKLIFT)
    assert "undecided" not in dict(standing(scene, source))


def test_in_doubt_it_cannot_become_something_that_nobody_asked_for(scene: Scene, source: int) -> None:
    (name,) = [name for name in form(scene) if name.startswith("as-")]
    send(scene, **{name: "undecided"})
    send(scene, **{name: "salary"})
    assert standing(scene, source)[-1] == ("undecided", FORKLIFT)


def test_something_can_be_added_where_nothing_was(scene: Scene) -> None:
    scene.at(days=1)
    number = scene.write(MIRA, Part("tried", FOIL))
    scene.mail(MIRA, "receipt", ["fix", "undo"], inbound_id=number)
    send(scene, **{"new-question": "Anyone?"})
    assert standing(scene, number) == [("tried", FOIL), ("question", "Anyone?")]


def test_without_my_name_covers_the_entry_and_the_record_of_the_message(scene: Scene, source: int) -> None:
    assert "without your name" in send(scene, anonymous="on")
    assert scene.entry_of(source).anonymous
    assert scene.inbound(source).anonymous
    wanted = {name: text for name, text in form(scene).items() if name != "anonymous"}
    scene.client.post(scene.path(MIRA, "fix", kind="receipt"), data={**wanted, "act": "fix"})
    assert not scene.entry_of(source).anonymous  # nothing was shown yet: she may change her mind


def test_a_name_does_not_come_back_once_something_was_shown_without_it(scene: Scene, source: int) -> None:
    send(scene, anonymous="on")
    show(scene, source, "tried", named=False)
    assert "so it stays off" in page(scene)
    wanted = {name: text for name, text in form(scene).items() if name != "anonymous"}
    scene.client.post(scene.path(MIRA, "fix", kind="receipt"), data={**wanted, "act": "fix"})
    assert scene.entry_of(source).anonymous


def show(scene: Scene, source: int, key: str, *, named: bool = True) -> None:
    with scene.database.transaction() as session:
        for section in session.query(Section).filter_by(source_message_id=source, key=key):
            section.shown_at, section.shown_with_name = clock.now(), named


def test_what_went_out_between_look_and_press_is_not_changed_and_the_new_words_are_kept(
    scene: Scene, source: int
) -> None:
    wanted = {**form(scene), "act": "fix", field(scene, source, "tried"): "My better words."}
    show(scene, source, "tried")
    answer = scene.client.post(scene.path(MIRA, "fix", kind="receipt"), data=wanted)
    assert answer.status_code == 409
    assert "Part of this changed before you pressed." in answer.text
    assert "The others have seen this" in answer.text
    assert re.search(r'name="new-tried"[^>]*>\nMy better words\.</textarea>', answer.text)
    assert next(s for s in scene.sections(source) if s.key == "tried").text == FOIL


def test_the_other_changes_of_that_form_are_kept(scene: Scene, source: int) -> None:
    wanted = {
        **form(scene),
        "act": "fix",
        field(scene, source, "tried"): "Mine.",
        field(scene, source, "failed"): "It.",
    }
    show(scene, source, "tried")
    scene.client.post(scene.path(MIRA, "fix", kind="receipt"), data=wanted)
    assert ("failed", "It.") in standing(scene, source)


def test_what_was_seen_can_be_withdrawn(scene: Scene, source: int) -> None:
    show(scene, source, "question")
    (shown,) = [s for s in scene.sections(source) if s.shown_at]
    assert "Done. It is withdrawn." in send(scene, **{f"withdraw-{shown.id}": "on"})
    assert next(s for s in scene.sections(source) if s.id == shown.id).withdrawn_at
    assert ASKS not in page(scene)


def test_nobody_changes_the_parts_of_another(scene: Scene, source: int) -> None:
    theirs = scene.sections(3)[0]  # Emil's question
    assert theirs.entry.member.name != MIRA
    before = scene.everything()["sections"]
    send(
        scene, **{f"text-{theirs.id}": "hijacked", f"withdraw-{theirs.id}": "on", f"as-{theirs.id}": "tried"}
    )
    send(scene, **{"text-99999999999999999999": "x", "text-": "x", "text-x": "x", "answer-1": "x"})
    assert scene.everything()["sections"] == before


def test_an_answer_can_be_reworded_until_it_is_seen(scene: Scene) -> None:
    number = scene.write(BEN, Part("undecided", "and so on"))
    with scene.database.transaction() as session:
        answer = Answer(
            question_id=scene.question(1).id,
            member_id=scene.member(BEN).id,
            text="Try the staging key.",
            source_message_id=number,
            received_at=SENT,
        )
        session.add(answer)
        session.flush()
        name = f"answer-{answer.id}"
    scene.mail(BEN, "receipt", ["fix", "undo"], inbound_id=number)
    path = scene.path(BEN, "fix", kind="receipt")
    assert "Your answer to question 1" in scene.client.get(path).text
    scene.client.post(path, data={"act": "fix", name: "Try the staging key first."})
    with scene.database.transaction() as session:
        answer = session.query(Answer).one()
        assert answer.text == "Try the staging key first."
        answer.shown_at = SENT
    scene.client.post(path, data={"act": "fix", name: "Too late."})
    with scene.database.reading() as session:
        assert session.query(Answer).one().text == "Try the staging key first."


def test_typed_text_of_any_kind_is_kept_or_cleaned(scene: Scene, source: int) -> None:
    for text in ("a\x00b", "\ud800", "x" * 50_000, "\x1b[31m"):
        name = field(scene, source, "tried").encode()
        body = b"act=fix&" + name + b"=" + text.encode("utf-8", "surrogatepass")
        answer = scene.client.post(
            scene.path(MIRA, "fix", kind="receipt"),
            data=body,
            content_type="application/x-www-form-urlencoded",
        )
        assert answer.status_code == 200
        (tried,) = [said for key, said in standing(scene, source) if key == "tried"]
        assert not {"\x00", "\x1b"} & set(tried)
        assert 1 <= len(tried) <= 20_000


def test_a_form_beyond_all_bounds_is_refused_kindly(scene: Scene, source: int) -> None:
    answer = scene.client.post(
        scene.path(MIRA, "fix", kind="receipt"), data={"act": "fix", "new-tried": "x" * 2_000_000}
    )
    assert answer.status_code == 413
    assert "That is too long for this page." in answer.text


# Was this you?

RAW = b"From: Mira <mira@example.org>\r\nSubject: Re: week\r\n\r\nTried the glue at home.\r\n"


@pytest.fixture
def held(scene: Scene) -> int:
    number = held_message(scene, MIRA, RAW, "mira@example.org")
    scene.mail(MIRA, "sender_unknown", ["fix"], inbound_id=number)
    return number


def test_a_held_message_is_shown_to_its_member(scene: Scene, held: int) -> None:
    html = scene.client.get(scene.path(MIRA, "fix", kind="sender_unknown")).text
    assert "Mira, was this you?" in html
    assert "mira@example.org" in html
    assert "Tried the glue at home." in html
    assert scene.inbound(held).state == "held"


def test_her_word_admits_it(scene: Scene, held: int) -> None:
    path = scene.path(MIRA, "fix", kind="sender_unknown")
    assert "Thank you. It counts now." in scene.client.post(path, data={"act": "mine"}).text
    row = scene.inbound(held)
    assert (row.state, row.admitted, row.reason, row.attempts) == ("accepted", True, None, 0)


def test_a_message_that_was_taken_up_is_not_taken_up_again(scene: Scene, held: int) -> None:
    with scene.database.transaction() as session:
        row = session.get_one(InboundMessage, held)
        row.state, row.admitted = "filed", True
    path = scene.path(MIRA, "fix", kind="sender_unknown")
    html = scene.client.post(path, data={"act": "mine"}).text
    assert "There is nothing left to decide." in html
    assert "Tried the glue" not in html
    assert scene.inbound(held).state == "filed"


def test_another_members_held_message_is_not_reached(scene: Scene, held: int) -> None:
    scene.mail(BEN, "sender_unknown", ["fix"], inbound_id=held)
    assert scene.client.get(scene.path(BEN, "fix", kind="sender_unknown")).status_code == 404
