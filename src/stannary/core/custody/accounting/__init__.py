"""What material may still be said to be, under the five models: with a lot, in an account, as a credit.

`stannary.core.custody` gives the public names of this room.
"""
