"""The page behind "I can help", without a browser."""

from __future__ import annotations

from tests.web.scene import BEN, CARLA, GLUE, MIRA, Scene


def test_the_page_asks_and_offers_nothing(scene: Scene) -> None:
    page = scene.client.get(scene.path(BEN, "help", 1))
    assert page.status_code == 200
    assert "Ben, help Mira with question 1?" in page.text
    assert GLUE in page.text
    assert "Tell Mira I can help" in page.text
    assert scene.offers() == []
