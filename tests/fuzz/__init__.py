"""Coverage-guided fuzzing: `python -m tests.fuzz TARGET`. README.md tells how."""
