"""Sites to start the emulator with: a company's wiki, any number of generated pages, or a folder of files."""

from confluence_emulator.sample.cast import MEMBER, OUTSIDER, OWNER, RESTRICTED_WORD
from confluence_emulator.sample.directory import load_directory
from confluence_emulator.sample.larkspur import build_sample_site
from confluence_emulator.sample.volume import generate

__all__ = ["MEMBER", "OUTSIDER", "OWNER", "RESTRICTED_WORD", "build_sample_site", "generate", "load_directory"]
