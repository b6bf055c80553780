"""The measure of contrast itself."""

import pytest
from PIL import Image

from tests.contrast import faintest


def test_a_row_of_pixels_beside_a_word_is_not_behind_it() -> None:
    """Words begin between two rows; the one that they do not touch has no say."""
    picture = Image.new("RGB", (20, 20), "black")
    picture.paste("white", (0, 0, 20, 7))
    word = [2.0, 2.64, 12.0, 20.0, "rgb(255, 255, 255)"]
    assert faintest(picture, word) == pytest.approx(21)
