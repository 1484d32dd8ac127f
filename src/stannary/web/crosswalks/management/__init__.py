"""Commands of the crosswalks app."""
