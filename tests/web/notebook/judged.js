// Run inside the notebook's page: what its pure functions make of values at their limits.
async () => {
  const at = new URL("book.js", document.querySelector("script[type=module]").src);
  const { aheadSeconds, isWrong, dayOf } = await import(new URL("clock.js", at));
  const queue = await import(new URL("entries.js", at));
  const header = "Sun, 22 Nov 2026 10:00:00 GMT";
  const there = Date.parse(header);
  const aheadBy = (s) => aheadSeconds(header, there + s * 1000 + 500, there + s * 1000 + 500);
  const said = { rating: "fully", rationale: "", evidence: [] };
  const half = { rating: "partially", rationale: "half", evidence: [] };
  const going = { id: "a", kind: "rating", requirement: "1", said, state: "sending", order: 1, seen: 7 };
  const ids = { id: "b", key: "kb", at: "2026-11-22T10:00:00Z" };
  const after = queue.rated([going], {}, "1", half, ids).put[0];
  const answered = queue.ratingAnswered([going, after], going, { id: 8 });
  const first = queue.next([going, after].values(), new Set());
  const second = queue.next([going, after].values(), new Set(["a"]));
  const conflict = queue.ratingConflicts([going, after], going, { id: 9 });
  const waiting = { ...after, after: null, seen: 7 };
  const refused = { ...waiting, state: "refused", findings: [{}] };
  const answers = [[200, true], [200, false], [503, true], [401, true], [403, true], [404, true], [422, true], [409, true]];
  return {
    ahead: [-120.5, 0, 121.5].map(aheadBy),
    unknown: [aheadSeconds(null, 0, 1), aheadSeconds(header, 0, 60001)],
    wrong: [119, 120, 121, -121, null].map(isWrong),
    day: [
      dayOf("2026-11-23T00:30:00Z", 3600, there),
      dayOf("2026-11-21T12:00:00Z", null, there),
      dayOf("2030-01-01T00:00:00Z", 0, there),
    ],
    waits: [after.after, after.seen, first.id, second ?? null],
    goesOn: [answered.put[0].seen, answered.put[0].after, answered.drop[0]],
    conflict: [conflict.put[0].id, conflict.put[0].state, conflict.put[0].theirs.id, ...conflict.drop],
    back: queue.rated([waiting], { 1: { id: 7, ...said } }, "1", said, ids),
    again: queue.tryAgain([refused, waiting]).put.map((one) => [one.state, one.findings.length]),
    means: answers.map(([status, json]) => queue.meaning(status, json, {})),
  };
}
