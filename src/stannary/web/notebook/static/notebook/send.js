// Sending: one tab at a time, in the order in which things were said. Each entry is marked before
// it goes, so that one whose answer got lost goes again word for word, under the same key.

import { aheadSeconds, dayOf } from "./clock.js";
import * as entries from "./entries.js";

// Ask the server, and understand its answer; "later" for no network, and for a page that some
// hotel's network gives in its place.
async function ask(address, how = {}) {
  const asked = Date.now();
  try {
    const headers = { Accept: "application/json", "Accept-Language": document.documentElement.lang, ...how.headers };
    const answer = await fetch(address, { cache: "no-store", redirect: "error", ...how, headers });
    const isJson = /[/+]json/.test(answer.headers.get("Content-Type") ?? "");
    const body = isJson ? await answer.json() : null;
    const ahead = aheadSeconds(answer.headers.get("Date"), asked, Date.now());
    return { what: entries.meaning(answer.status, isJson, body), body, ahead };
  } catch {
    return { what: "later", body: null, ahead: null };
  }
}

// Take along what the server has now. Gives what came of it: "done", or why not.
export async function takeAlong(book, here) {
  const now = await ask(`${here}now/`);
  if (now.what !== "done" || now.body?.assessment !== book.row.assessment) {
    return { what: now.what === "done" ? "later" : now.what, ahead: now.ahead };
  }
  const { token, ...taken } = now.body;
  if (book.taken.person && book.taken.person.id !== taken.person.id) {
    return { what: "otherPerson", name: taken.person.name, ahead: now.ahead };
  }
  await book.change(() => ({ taken }));
  if (book.checklist?.digest !== taken.checklist) {
    const list = await ask(`${here}checklist/`);
    if (list.what !== "done") return { what: list.what, ahead: now.ahead };
    await book.keepChecklist(list.body);
  }
  return { what: "done", token, ahead: now.ahead };
}

export async function sendAll(book, here, newId, tell) {
  return navigator.locks.request(`stannary-notebook-send-${book.row.id}`, { ifAvailable: true }, async (lock) => {
    if (!lock) return { what: "elsewhere" };
    const now = await takeAlong(book, here);
    if (now.what !== "done") return now;
    const tried = new Set();
    for (;;) {
      const entry = entries.next(book.entries.values(), tried);
      if (!entry) return now;
      tried.add(entry.id);
      const what = await sendOne(book, entry.id, now, newId);
      tell();
      if (!["done", "conflict", "refused"].includes(what)) return { ...now, what };
    }
  });
}

async function sendOne(book, id, now, newId) {
  let entry = null;
  await book.change((there) => {
    const found = there.find((one) => one.id === id);
    if (!found || !["unsent", "sending"].includes(found.state)) return null;
    entry = { ...found, state: "sending" };
    return { put: [entry] };
  });
  if (!entry) return "done";
  if (entry.kind === "rating") return sendRating(book, entry, now);
  if (entry.photo && !entry.item) {
    const { what, put } = await sendPhoto(book, entry, now);
    if (what !== "done") return what;
    entry = put;
  }
  return sendNote(book, entry, now);
}

const heads = (key, now, more = {}) => ({ "X-CSRFToken": now.token, "Idempotency-Key": key, ...more });
const JSON_HEAD = { "Content-Type": "application/json" };

async function sendRating(book, entry, now) {
  const { requirement, said, seen, key } = entry;
  const body = JSON.stringify({ requirement, ...said, seen });
  const address = `/api/v1/assessments/${book.row.assessment}/ratings`;
  const got = await ask(address, { method: "POST", body, headers: heads(key, now, JSON_HEAD) });
  if (got.what === "done") {
    const record = got.body.record;
    await book.change((there, taken) => ({
      ...entries.ratingAnswered(there, entry, record),
      taken: { ...taken, newest: { ...taken.newest, [requirement]: newer(taken.newest[requirement], record) } },
    }));
  } else if (got.what === "conflict") {
    const theirs = got.body.newest;
    await book.change((there, taken) => ({
      ...entries.ratingConflicts(there, entry, theirs),
      taken: { ...taken, newest: { ...taken.newest, [requirement]: theirs } },
    }));
  } else await settle(book, entry, got);
  return got.what;
}

// What is sent again, from an old copy say, is answered as it was then; more may have happened since.
const newer = (one, other) => (one && one.id > other.id ? one : other);

async function sendNote(book, entry, now) {
  const ahead = now.ahead;
  const body = JSON.stringify({
    id: entry.id,
    requirement: entry.requirement,
    text: entry.text,
    place: entry.place,
    evidence: entry.item ?? null,
    noted_at: entry.at,
    clock_ahead_s: entry.ahead === undefined ? ahead : entry.ahead,
  });
  const address = `/api/v1/assessments/${book.row.assessment}/notes`;
  if (entry.ahead === undefined) {
    await book.change((there) => (there.some((one) => one.id === entry.id) ? { put: [{ ...entry, ahead }] } : null));
  }
  const got = await ask(address, { method: "POST", body, headers: heads(entry.key, now, JSON_HEAD) });
  if (got.what === "done") {
    await book.change((_there, taken) => ({
      drop: [entry.id],
      dropPhotos: entry.photo ? [entry.id] : [],
      taken: { ...taken, notes: [...taken.notes.filter((one) => one.id !== entry.id), got.body] },
    }));
  } else await settle(book, entry, got);
  return got.what;
}

// A photo becomes evidence of the requirement, for auditors alone; its note follows.
async function sendPhoto(book, entry, now) {
  const at = `/api/v1/engagements/${book.taken.engagement}/evidence`;
  let item = await handedIn(at, entry);
  if (item === undefined) return { what: "later" };
  if (!item) {
    const bytes = await book.photo(entry.id);
    const form = new FormData();
    form.set("title", (entry.text || entry.title).replace(/\s+/g, " ").slice(0, 200));
    form.set("covers_from", dayOf(entry.at, now.ahead, Date.now()));
    form.set("requirements", entry.requirement);
    form.set("visibility", "auditor_only");
    const ending = entry.photo.type === "image/png" ? "png" : "jpg";
    form.set("file", new Blob([bytes], { type: entry.photo.type }), `photo.${ending}`);
    const got = await ask(at, { method: "POST", body: form, headers: heads(`photo-${entry.id}`, now) });
    if (got.what !== "done") {
      await settle(book, entry, got);
      return { what: got.what };
    }
    item = got.body.id;
  }
  const put = { ...entry, item };
  await book.change(() => ({ put: [put] }));
  return { what: "done", put };
}

// Look whether a photo went before, from here or from a second copy: its item, null, or undefined for no answer.
async function handedIn(at, entry) {
  let cursor = "";
  do {
    const more = new URLSearchParams({ requirement: entry.requirement, ...(cursor && { cursor }) });
    const got = await ask(`${at}?${more}`);
    if (got.what !== "done") return undefined;
    const found = got.body.items.find((one) => one.versions.some((version) => version.sha256_as_given === entry.photo.sha256));
    if (found) return found.id;
    cursor = got.body.next;
  } while (cursor);
  return null;
}

// What was refused stays, with what the server says of it; what may have arrived stays as it went.
async function settle(book, entry, got) {
  if (got.what !== "refused") return;
  const findings = got.body.findings ?? [{ code: got.body.code ?? "", demand: got.body.title ?? "", remedy: "" }];
  const said = findings.map(({ code, demand, remedy }) => ({ code: code ?? "", demand: demand ?? "", remedy: remedy ?? "" }));
  await book.change((there) => entries.refused(there, entry, said));
}

