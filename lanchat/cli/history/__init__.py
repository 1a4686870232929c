"""Commands about what was said: `export`, `log` and `forget`."""
