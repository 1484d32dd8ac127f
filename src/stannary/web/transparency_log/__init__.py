"""The public log: entries that stay, signed checkpoints that only ever extend each other."""
