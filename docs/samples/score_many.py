"""Many assessments of one edition: how would the level of each be if one more rating were better?"""

import datetime
from collections import Counter
from pathlib import Path

from stannary.core.assessments import rating_sheet
from stannary.engines.scoring import codes_of, score_many
from stannary.formats.packs import find_pack, load_pack
from stannary.formats.ratings import read_ratings

edition = load_pack(find_pack("stannary/open-mining/0.1"))
table = Path("docs/samples/ratings.csv")
row = codes_of(rating_sheet(edition, read_ratings(table)))

# One assessment as it is, then one for each requirement that is not fully met, as if it were.
rows = [row]
rows += [row[:n] + bytes([0]) + row[n + 1 :] for n, code in enumerate(row) if code in (1, 2, 3)]

scores = score_many(edition, b"".join(rows), as_of=datetime.date(2026, 11, 22))
levels = Counter(level.code for level in scores.levels())
print("now:", scores.level(0).code, [str(scores.share(0, n)) for n in range(4)])
print("with one rating raised to fully:", dict(levels))
