"""What a reader sees of a message, as lines: structure is kept, markup is not."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings, strategies as st

from digest.reading.mime.message import parse
from digest.reading.visible.html_text import html_lines
from digest.reading.visible.line import Line
from digest.reading.visible.plain_text import text_lines
from digest.reading.visible.visible_text import see


def texts(page: str) -> list[str]:
    return [line.text for line in html_lines(page)]


def test_marks_are_counted_and_taken_off() -> None:
    assert text_lines("a\n> b\n>> c\n> > d\n  > e\n>f") == [
        Line("a"),
        Line("b", 1),
        Line("c", 2),
        Line("d", 2),
        Line("e", 1),
        Line("f", 1),
    ]


def test_a_mark_amid_a_line_is_no_quotation() -> None:
    assert text_lines("5 > 3\na -> b\n=> c") == [Line("5 > 3"), Line("a -> b"), Line("=> c")]


def test_indents_are_kept_and_trailing_blanks_are_not() -> None:
    assert text_lines("  a  \n>   b") == [Line("  a"), Line("  b", 1)]


def test_more_than_two_blank_lines_are_two() -> None:
    assert [line.text for line in text_lines("a\n\n\n\n\nb")] == ["a", "", "", "b"]


def test_lines_of_fill_signs_are_blank() -> None:
    assert text_lines("\u034f\u200c\xa0\u034f\u200c\xa0") == [Line("")]


def test_initials_before_marks_are_marks() -> None:
    assert text_lines("MW> a\nMW> b\nno") == [Line("a", 1), Line("b", 1), Line("no")]
    assert text_lines("Then> one such line is typed") == [Line("Then> one such line is typed")]


def test_bars_are_marks_where_one_stands_alone_and_a_table_stays_one() -> None:
    assert text_lines("| a\n|\n| b") == [Line("a", 1), Line("", 1), Line("b", 1)]
    assert text_lines("| a | b |\n| c | d |") == [Line("| a | b |"), Line("| c | d |")]


def test_divisions_are_lines_and_paragraphs_are_apart() -> None:
    assert texts("<div>a</div><div>b</div><p>c</p><p>d</p>") == ["a", "b", "", "c", "", "d"]


def test_breaks_end_lines_and_an_empty_division_with_one_is_a_blank_line() -> None:
    assert texts("a<br>b<br><br>c<div>d<br></div><div><br></div><div>e</div>") == [
        "a",
        "b",
        "",
        "c",
        "d",
        "",
        "e",
    ]


def test_paragraphs_of_word_stand_without_gap() -> None:
    lines = ("a<o:p></o:p>", "b", "<o:p>&nbsp;</o:p>", "c")
    assert texts("".join(f"<p class=MsoNormal>{line}</p>" for line in lines)) == ["a", "b", "", "c"]


def test_blanks_count_as_one_and_hard_ones_are_kept() -> None:
    assert texts("<p> a \n  b &nbsp;&nbsp;c</p>") == ["a b   c"]
    assert texts("<div>&nbsp;&nbsp;indented</div>") == ["  indented"]


def test_preformatted_text_keeps_its_lines() -> None:
    assert texts("<pre>a\n  b\n</pre>c") == ["a", "  b", "", "c"]
    assert texts('<div style="white-space: pre-wrap">a\n  b</div>') == ["a", "  b"]


def test_lists_keep_signs_numbers_and_levels() -> None:
    page = "<ul><li>a</li><li>b<ol start=3><li>c</li><li><p>d</p></li></ol></li></ul>"
    assert texts(page) == ["- a", "- b", "  3. c", "", "  4. d"]


def test_bullets_of_word_become_signs() -> None:
    page = (
        "<p class=MsoListParagraph><![if !supportLists]><span style='font-family:Symbol'>"
        "<span style='mso-list:Ignore'>·"
        "<span>&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>glue</p>"
    )
    assert texts(page) == ["- glue"]


def test_a_row_of_short_cells_is_a_line_and_cells_of_a_layout_are_not() -> None:
    assert texts("<table><tr><td>glue</td><td>holds</td></tr><tr><td>A</td><td>no</td></tr></table>") == [
        "glue\tholds",
        "A\tno",
    ]
    assert texts("<table><tr><td><p>a</p><p>b</p></td><td>c</td></tr></table>") == ["a", "", "b", "c"]


def test_a_link_shows_where_it_leads_unless_its_words_do() -> None:
    assert texts('see <a href="https://glue.example/a?b=1">the list</a>') == [
        "see the list (https://glue.example/a?b=1)"
    ]
    assert texts('<a href="https://glue.example/a">https://glue.example/a</a>') == ["https://glue.example/a"]
    assert texts('<a href="mailto:ben@example.org">Ben</a>') == ["Ben"]


def test_pictures_are_left_out_but_smileys_stay() -> None:
    assert texts('a <img src="x.png" alt="a long description"> b <img class="emoji" alt="😊" src="y">') == [
        "a b 😊"
    ]


def test_hidden_text_styles_and_scripts_are_left_out() -> None:
    assert texts(
        "<style>p{}</style><script>x</script><div style='display: none'>h</div><title>t</title>a"
    ) == ["a"]


def test_addresses_that_were_not_escaped_are_text() -> None:
    assert texts("Jane <jane@example.org> wrote:") == ["Jane <jane@example.org> wrote:"]


@pytest.mark.parametrize(
    "page",
    [
        '<blockquote type="cite">q</blockquote>',
        '<blockquote class="gmail_quote">q</blockquote>',
        '<blockquote style="border-left:1px solid">q</blockquote>',
    ],
)
def test_quotations_have_a_depth(page: str) -> None:
    assert html_lines(page) == [Line("q", 1)]


def test_quotations_in_quotations_are_deeper() -> None:
    page = '<blockquote type="cite">a<blockquote type="cite">b</blockquote>c</blockquote>d'
    assert [(line.text, line.depth) for line in html_lines(page) if line.text] == [
        ("a", 1),
        ("b", 2),
        ("c", 1),
        ("d", 0),
    ]


def test_a_block_that_was_only_indented_is_no_quotation() -> None:
    page = '<blockquote style="margin: 0 0 0 40px; border: none; padding: 0px;">a</blockquote>'
    assert html_lines(page) == [Line("a")]


def test_answers_between_the_parts_of_a_quotation_are_own_text() -> None:
    page = (
        '<div class="gmail_quote"><div class="gmail_attr">Ben wrote:</div>'
        '<blockquote class="gmail_quote">q1</blockquote><div>answer</div>'
        '<blockquote class="gmail_quote">q2</blockquote></div>'
    )
    found = [(line.text, line.depth, line.role) for line in html_lines(page) if line.text]
    assert found == [
        ("Ben wrote:", 0, "attribution"),
        ("q1", 1, "text"),
        ("answer", 0, "text"),
        ("q2", 1, "text"),
    ]


def test_a_forwarded_message_in_a_container_is_marked_as_such() -> None:
    page = '<div class="gmail_quote"><div class="gmail_attr">---------- Forwarded message</div>foreign</div>'
    assert [line.role for line in html_lines(page)] == ["forwarded", "forwarded"]


def test_signatures_are_marked() -> None:
    page = 'a<div class="gmail_signature">Mira</div><div id="Signature">M</div><div class="moz-signature">W</div>'
    assert [line.role for line in html_lines(page)] == ["text", "signature", "signature", "signature"]


def test_all_below_the_mark_of_outlook_is_history() -> None:
    page = 'a<div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg">From</div></div><div>q</div>'
    assert [(line.text, line.role) for line in html_lines(page) if line.role != "history"] == [("a", "text")]


def test_the_page_is_read_first_and_the_text_where_the_page_is_empty() -> None:
    head = (
        b"From: a@example.org\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n"
    )
    parts = b"--b\r\nContent-Type: text/plain\r\n\r\nplain\r\n--b\r\nContent-Type: text/html\r\n\r\n%s\r\n--b--\r\n"
    assert [line.text for line in see(parse(head + parts % b"<p>rich</p>")).lines] == ["rich"]
    assert [line.text for line in see(parse(head + parts % b"<p></p>")).lines if line.text] == ["plain"]


TAGS = "div p span b blockquote ul ol li table tr td pre a center h2 font".split()
PAGES = st.recursive(
    st.text("abcxyz ", min_size=1, max_size=8),
    lambda inner: st.tuples(st.sampled_from(TAGS), st.lists(inner, max_size=4), st.booleans()).map(
        lambda node: f"<{node[0]}>{''.join(node[1])}" + (f"</{node[0]}>" if node[2] else "")
    ),
    max_leaves=30,
)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(PAGES)
def test_no_word_of_a_page_is_lost_however_its_tags_are_nested(page: str) -> None:
    shown = "".join(line.text for line in html_lines(page))
    letters = re.sub(r"<[^>]*>|\s", "", page)
    assert sorted(re.sub(r"\s|- |\d+\. ", "", shown).replace("-", "")) == sorted(letters)
