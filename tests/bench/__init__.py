"""Tests of the measurements themselves, and what of them runs without anybody else's program."""
