"""Draws the pictures of the application for home screens: `python tools/app_icons.py`, with Chromium, from icon.svg."""

from pathlib import Path

from tests.browser.chromium import launched

STATIC = Path(__file__).parents[1] / "orderwright" / "doors" / "console" / "static"
SIZES = (192, 512)
PAPER, INSET = "#0f5f5c", 0.2
"""The ground, and how much of each side is left free: phones cut icons round."""


def main() -> None:
    """Draw each size anew."""
    drawing = (STATIC / "icon.svg").read_text()
    with launched() as browser:
        for size in SIZES:
            page = browser.new_page(viewport={"width": size, "height": size})
            inner = round(size * (1 - 2 * INSET))
            page.set_content(
                f"<style>body {{ margin: 0; background: {PAPER}; display: grid; place-items: center; height: 100vh }}"
                f" svg {{ width: {inner}px; height: {inner}px }}</style>{drawing}"
            )
            page.screenshot(path=str(STATIC / f"icon-{size}.png"))
            page.close()


if __name__ == "__main__":
    main()
