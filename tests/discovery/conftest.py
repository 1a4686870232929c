"""Hypothesis as these tests want it: no example fails for being slow on a busy machine."""

from hypothesis import settings

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
