"""Whether this machine can read the words in pictures."""

from shutil import which

from mainstem.files.ocr import Ocr
from mainstem.settings import Settings, tessdata


def ocr_of(settings: Settings) -> Ocr | None:
    """Tesseract, where it is on the path of programs."""
    found = which("tesseract")
    return None if found is None else Ocr(found, settings.ocr_languages, data=tessdata())
