"""The names of those who help must not leave over the one who asked without hers."""

from __future__ import annotations

from tests.acceptance.world import World

ASKED = "Question: how do I tell my boss that the date is a dream?\nwithout my name"


def ask(world: World) -> None:
    world.at("2026-03-31T09:00+02:00")
    world.at("2026-03-31T10:10+02:00")
    assert world.reply(world.prompt("mira"), ASKED) == 200
    world.tick()
    world.at("2026-03-31T11:11+02:00")


def digest_after(world: World, *helpers: str) -> str:
    for name in helpers:
        assert world.reply(world.last(f"{name}@example.com"), "help 1") == 200
    world.at("2026-03-31T11:40+02:00")
    world.at("2026-04-06T09:00+02:00")
    return world.last("emil@example.com").text


def test_where_three_are_left_a_helper_is_named(packaging: World) -> None:
    ask(packaging)
    assert "Ben may be able to help" in digest_after(packaging, "ben")


def test_where_the_others_all_help_none_of_them_is_named(packaging: World) -> None:
    ask(packaging)
    shown = digest_after(packaging, "ben", "carla", "jonas")
    assert "the date is a dream" in shown
    assert not any(f"{name} " in shown or f"{name}," in shown for name in ("Ben", "Carla", "Jonas", "Mira"))
