"""The picture in the README: one thread, on a phone in the dark and on a wide screen by day."""

import io
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from supportsite.demo.people import PASSWORD, SIGN_INS

TARGET = Path(__file__).resolve().parents[2] / "docs" / "screenshot.png"
BOARD, THREAD = "/boards/nights/", "A lamp for whoever is up tonight"
HEIGHT, GAP = 900, 24
PAPER = "#8a8378"


def shot(browser: Browser, base: str, width: int, scheme: str) -> Image.Image:
    context = browser.new_context(
        base_url=base,
        viewport={"width": width, "height": HEIGHT},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    page.goto("/accounts/login/")
    page.fill("[name=login]", SIGN_INS[0].username)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/")
    page.goto(BOARD)
    page.get_by_role("link", name=THREAD).click()
    page.wait_for_load_state("networkidle")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    context.close()
    return picture


def main(base: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        pictures = [shot(browser, base, 390, "dark"), shot(browser, base, 1000, "light")]
        browser.close()
    sheet = Image.new("RGB", (sum(p.width for p in pictures) + 3 * GAP, HEIGHT + 2 * GAP), PAPER)
    left = GAP
    for picture in pictures:
        sheet.paste(picture, (left, GAP))
        left += picture.width + GAP
    sheet.quantize(128).save(TARGET, optimize=True)


if __name__ == "__main__":
    main(sys.argv[1])
