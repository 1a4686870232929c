"""What the terminal screen is made of. Each widget takes plain data; what it means is known in `state.py`."""
