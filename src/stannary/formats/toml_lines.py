"""On which line of a TOML text each key stands, so that a finding can name it.

The standard library's reader tells what a text says, not where. `key_lines` walks a text that this
reader has already accepted and therefore does not check its grammar again.
"""

import re
from collections.abc import Mapping

KeyPath = tuple[str | int, ...]
"""Keys from the top, with the place from 0 inside an array: ("requirement", 2, "title")."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}#\n]+")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_SHORT = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\"}


def key_lines(text: str) -> Mapping[KeyPath, int]:
    r"""Map every key, table and array element to its line, counted from 1.

    Args:
        text: TOML that `tomllib` reads; what is given for other text means nothing.

    Example:
        >>> key_lines('id = "1.1"\n[[requirement]]\nid = "1.1.1.1"')
        {('id',): 1, ('requirement',): 2, ('requirement', 0): 2, ('requirement', 0, 'id'): 3}
    """
    walker = _Walker(text)
    walker.walk()
    return walker.lines


def line_of(lines: Mapping[KeyPath, int], path: KeyPath) -> int | None:
    """Give the line of a key or, where the key is missing, of the nearest table around it."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return None


class _Walker:
    """One pass over a text from its first character to its last."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0
        self.lines: dict[KeyPath, int] = {}
        self.counts: dict[KeyPath, int] = {}
        self.line = 1
        self.counted_to = 0

    def walk(self) -> None:
        table: KeyPath = ()
        self.skip_blank()
        while self.place < len(self.text):
            if self.text[self.place] == "[":
                table = self.header()
            else:
                self.pair(table)
            self.skip_blank()

    def mark(self, path: KeyPath) -> None:
        """Note the line of a path, unless an earlier place opened it."""
        self.line += self.text.count("\n", self.counted_to, self.place)
        self.counted_to = self.place
        self.lines.setdefault(path, self.line)

    def skip_blank(self) -> None:
        """Step over blanks, line ends and comments."""
        while self.place < len(self.text):
            if self.text[self.place] in " \t\r\n":
                self.place += 1
            elif self.text[self.place] == "#":
                end = self.text.find("\n", self.place)
                self.place = len(self.text) if end < 0 else end
            else:
                return

    def header(self) -> KeyPath:
        """Read [table] or [[array of tables]] and give the path that the keys below it share."""
        many = self.text.startswith("[[", self.place)
        start = self.place
        self.place += 2 if many else 1
        keys = self.key()
        end, self.place = self.place + (2 if many else 1), start
        path: KeyPath = ()
        for key in keys[:-1]:
            path = (*path, key)
            self.mark(path)
            path = self.inside(path)
        path = (*path, keys[-1])
        self.mark(path)
        if many:
            self.counts[path] = self.counts.get(path, 0) + 1
            path = self.inside(path)
            self.mark(path)
        self.place = end
        return path

    def inside(self, path: KeyPath) -> KeyPath:
        """Step into the newest element where a path names an array of tables."""
        return (*path, self.counts[path] - 1) if path in self.counts else path

    def pair(self, table: KeyPath) -> None:
        """Read key = value."""
        start = self.place
        keys = self.key()
        end, self.place = self.place, start
        path = table
        for key in keys:
            path = (*path, key)
            self.mark(path)
        self.place = end + 1
        self.value(path)

    def key(self) -> tuple[str, ...]:
        """Read a dotted key and stop at what follows it."""
        parts: list[str] = []
        while True:
            self.skip_blank()
            if self.text[self.place] in "\"'":
                parts.append(self.string())
            else:
                bare = _BARE.match(self.text, self.place)
                parts.append(bare[0] if bare else "")
                self.place += len(parts[-1])
            self.skip_blank()
            if self.text[self.place] != ".":
                return tuple(parts)
            self.place += 1

    def value(self, path: KeyPath) -> None:
        """Step over a value, noting the keys and elements inside it."""
        self.skip_blank()
        first = self.text[self.place]
        if first in "\"'":
            self.string()
        elif first == "[":
            self.array(path)
        elif first == "{":
            self.inline_table(path)
        else:
            scalar = _SCALAR.match(self.text, self.place)
            self.place += len(scalar[0]) if scalar else 1

    def array(self, path: KeyPath) -> None:
        """Step over [a, b]."""
        self.place += 1
        number = 0
        self.skip_blank()
        while self.text[self.place] != "]":
            self.mark((*path, number))
            self.value((*path, number))
            number += 1
            self.skip_comma()
        self.place += 1

    def inline_table(self, path: KeyPath) -> None:
        """Step over { a = 1, b = 2 }."""
        self.place += 1
        self.skip_blank()
        while self.text[self.place] != "}":
            self.pair(path)
            self.skip_comma()
        self.place += 1

    def skip_comma(self) -> None:
        self.skip_blank()
        if self.text[self.place] == ",":
            self.place += 1
            self.skip_blank()

    def string(self) -> str:
        """Step over a string of any of the four kinds and give what it says, near enough for a key."""
        quote = self.text[self.place]
        long = self.text.startswith(quote * 3, self.place)
        close = quote * 3 if long else quote
        start = self.place + len(close)
        end = start
        while not self.text.startswith(close, end):
            end += 2 if quote == '"' and self.text[end] == "\\" else 1
        while long and self.text.startswith(quote, end + 3):
            end += 1  # up to two quotes may stand before the closing three
        self.place = end + len(close)
        content = self.text[start:end]
        return _ESCAPE.sub(_unescaped, content) if quote == '"' else content


def _unescaped(escape: re.Match[str]) -> str:
    code = escape[1] or escape[2]
    return chr(int(code, 16)) if code else _SHORT.get(escape[3], escape[0])
