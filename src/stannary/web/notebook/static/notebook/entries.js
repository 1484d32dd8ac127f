// What was said on this device and is not sent yet, as plain values; nothing here stores or sends.
//
// An entry is a rating, a note or a photo. Its `state`: "unsent"; "sending", from just before it is
// sent until its answer is known, so that it is sent again word for word; "conflict", with what
// `theirs` says; "refused", with the `findings`. The key of an entry never stands for two contents.

export const BLANK = { rating: "pending", rationale: "", evidence: [] };

export const alike = (one, other) =>
  one.rating === other.rating &&
  one.rationale === other.rationale &&
  JSON.stringify(one.evidence) === JSON.stringify(other.evidence);

const inOrder = (entries) => [...entries].sort((one, other) => one.order - other.order);

const after = (entries) => Math.max(0, ...[...entries].map((one) => one.order)) + 1;

const ofRating = (entries, requirement) =>
  inOrder(entries).filter((one) => one.kind === "rating" && one.requirement === requirement);

// What counts for a requirement on this device: the last of what was said here, or the newest that
// was taken along.
export function shown(entries, newest, requirement) {
  const last = ofRating(entries, requirement).at(-1);
  if (last) return { ...last.said, entry: last };
  const there = newest[requirement];
  return there ? { rating: there.rating, rationale: there.rationale, evidence: there.evidence, record: there } : { ...BLANK };
}

// Say something of a requirement: what to put, and what to drop. Nothing where nothing is new.
export function rated(entries, newest, requirement, said, { id, key, at }) {
  const there = shown(entries, newest, requirement);
  if (alike(there, said)) return { put: [], drop: [] };
  const last = ofRating(entries, requirement).at(-1);
  if (last && last.state !== "sending") {
    if (last.state === "unsent" && !last.after && newest[requirement] && last.seen === newest[requirement].id && alike(newest[requirement], said)) {
      return { put: [], drop: [last.id] }; // said back to what is there
    }
    const state = last.state === "refused" ? "unsent" : last.state;
    return { put: [{ ...last, said, at, key, state, findings: [] }], drop: [] };
  }
  const fresh = { id, key, at, kind: "rating", requirement, said, state: "unsent", order: after(entries), findings: [] };
  return { put: [{ ...fresh, seen: last ? null : (newest[requirement]?.id ?? null), after: last?.id ?? null }], drop: [] };
}

export const noted = (entries, note) => ({ kind: "note", state: "unsent", findings: [], order: after(entries), ...note });

// Which entry is sent next, of those that were not tried in this round and wait for nobody.
export function next(entries, tried) {
  const all = inOrder(entries);
  const there = new Set(all.map((one) => one.id));
  return all.find(
    (one) => !tried.has(one.id) && (one.state === "unsent" || one.state === "sending") && !there.has(one.after),
  );
}

// What an answer to a rating makes of the entries and of what is taken along.
export function ratingAnswered(entries, entry, record) {
  const followers = inOrder(entries).filter((one) => one.after === entry.id);
  return { put: followers.map((one) => ({ ...one, after: null, seen: record.id })), drop: [entry.id] };
}

// Somebody else was faster. What was said last on this device stands against it.
export function ratingConflicts(entries, entry, theirs) {
  const last = ofRating(entries, entry.requirement).at(-1);
  const drop = ofRating(entries, entry.requirement).filter((one) => one !== last).map((one) => one.id);
  return { put: [{ ...last, after: null, state: "conflict", theirs }], drop };
}

export function refused(entries, entry, findings) {
  const follower = inOrder(entries).find((one) => one.after === entry.id);
  if (follower) return { put: [{ ...follower, after: null, seen: entry.seen }], drop: [entry.id] };
  return { put: [{ ...entry, state: "refused", findings }], drop: [] };
}

// What was refused is tried once more, unchanged: the audit may have moved on meanwhile.
export const tryAgain = (entries) => ({
  put: entries.filter((one) => one.state === "refused").map((one) => ({ ...one, state: "unsent", findings: [] })),
  drop: [],
});

// The person decided: theirs stays, or mine is sent as having seen theirs.
export const takeTheirs = (entry) => ({ put: [], drop: [entry.id] });
export const sendMine = (entry, key) => ({ put: [{ ...entry, key, state: "unsent", seen: entry.theirs.id, theirs: null }], drop: [] });

export const isUnsent = (entry) => entry.kind !== "draft";

// What an answer of the server means.
export function meaning(status, isJson, body) {
  if (status === 409 && body?.newest) return "conflict";
  if (status === 429 || status >= 500 || !isJson) return "later";
  if (status < 300) return "done";
  if (status === 401) return "signedOut";
  if (status === 403) return body?.code === "PARTY-020" ? "secondFactor" : "signedOut";
  if (status === 404) return "notThere";
  return "refused";
}

// Requirements to show: of a chapter, or found anywhere; only those without a rating if asked.
export function found(checklist, { chapter, find, unrated }, ratingOf) {
  const words = find.toLowerCase().split(/\s+/).filter(Boolean);
  return checklist.requirements.filter((one) => {
    if (unrated && ratingOf(one.id) !== "pending") return false;
    if (!words.length) return one.chapter === chapter;
    const text = `${one.id} ${one.title} ${one.demand}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
