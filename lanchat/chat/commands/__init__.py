"""The commands, one file per family; `table.py` gathers them."""
