"""Makes the attachments of the emulator's sample wiki: `python -m tools.make_sample_files`.

The made files are committed as package data, so that neither users nor tests need the libraries that draw them. Run it
after changing one of the `sample_*` modules beside this one. The same input gives the same bytes.
"""

from pathlib import Path

from tools.sample_documents import documents
from tools.sample_drawings import drawings
from tools.sample_sheets import sheets

FOLDER = Path(__file__).resolve().parents[1] / "src/confluence_emulator/sample/content/files"
LARGEST = 60_000


def main() -> None:
    """Write every file, and refuse one that would bloat the package."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, data in (drawings() | documents() | sheets()).items():
        if len(data) > LARGEST:
            raise SystemExit(f"{name} has {len(data)} bytes; {LARGEST} are allowed")
        (FOLDER / name).write_bytes(data)
        print(f"{len(data):>7} {name}")


if __name__ == "__main__":
    main()
