// The page of the notebook: which of its parts is shown, opening and locking, and what surrounds
// the cards. What is typed leaves the page only sealed; what is sent goes to the register's API.

import { Book } from "./book.js";
import { Card, fill, make } from "./card.js";
import { isWrong } from "./clock.js";
import * as copies from "./copy.js";
import * as entries from "./entries.js";
import { sendAll } from "./send.js";
import * as store from "./store.js";
import { makeVault, openVault } from "./vault.js";

const main = document.getElementById("main");
const words = JSON.parse(document.getElementById("words").textContent);
const part = (id) => document.getElementById(id);
const PARTS = ["missing", "nothing", "shelf", "begin", "lock", "restore", "book"];
const SHORTEST = 12;
const IDLE_MS = 15 * 60000;
const MOST_CARDS = 40;
const WHOLE = "whole";
const assessment = Number(/\/(\d+)\/$/.exec(location.pathname)?.[1] ?? 0);
const here = `${main.dataset.here}${assessment}/`;
const language = document.documentElement.lang;

const show = (...names) => {
  for (const name of PARTS) part(name).hidden = !names.includes(name);
};

function lacking() {
  const found = [];
  if (!window.isSecureContext) found.push(words.lackSecure);
  if (!window.indexedDB) found.push(words.lackStore);
  if (!window.crypto?.subtle) found.push(words.lackCrypto);
  if (!navigator.serviceWorker) found.push(words.lackWorker);
  if (!navigator.locks || !window.BroadcastChannel) found.push(words.lackLocks);
  return found;
}

class Page {
  constructor(db) {
    this.db = db;
    this.words = words;
    this.book = null;
    this.cards = [];
    this.ahead = null;
    this.what = "";
    this.pause = 5000;
    this.timer = 0;
    this.lastUse = Date.now();
    this.persisted = null;
    this.ready = false;
  }

  newId() {
    return crypto.randomUUID();
  }

  now() {
    return new Date().toISOString();
  }

  when(iso) {
    const then = new Date(iso);
    return Number.isNaN(then.getTime()) ? iso : new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { dateStyle: "medium", timeStyle: "short" }).format(then);
  }

  why(error) {
    return error?.name === "QuotaExceededError" ? words.quota : (error?.message ?? "");
  }

  findings(found) {
    const lines = [make("p", words.refused)];
    for (const one of found) {
      const line = make("p", `${one.demand} ${one.remedy} `);
      if (one.code) line.append(make("code", one.code));
      lines.push(line);
    }
    return lines;
  }

  // Doors

  async start() {
    if (!assessment) return this.shelf();
    const rows = (await store.booksIn(this.db)).filter((one) => one.assessment === assessment);
    show(rows.length ? "lock" : "begin", "restore");
    await this.counts();
    part(rows.length ? "pass" : "new-pass").focus({ preventScroll: true });
  }

  async shelf() {
    const list = part("shelf").querySelector("ul");
    const [rows, unsent] = [await store.booksIn(this.db), await store.unsentIn(this.db)];
    list.replaceChildren(
      ...rows.map((one) => {
        const line = make("li", "");
        const link = make("a", fill(words.shelfLine, { n: one.assessment, day: this.when(one.made) }));
        link.href = `${main.dataset.here}${one.assessment}/`;
        line.append(link, make("span", this.count(unsent.get(one.id) ?? 0), "small"));
        return line;
      }),
    );
    part("shelf").querySelector(".none").hidden = rows.length > 0;
    show("shelf", "restore");
  }

  count(n) {
    return n === 0 ? words.unsentNone : n === 1 ? words.unsentOne : fill(words.unsentMany, { n });
  }

  // The number of entries that are not sent is shown whether the notebook is open or locked.
  async counts() {
    const open = this.book;
    let n = open ? open.unsent.length : 0;
    if (!open) {
      const [rows, unsent] = [await store.booksIn(this.db), await store.unsentIn(this.db)];
      for (const one of rows) if (one.assessment === assessment) n += unsent.get(one.id) ?? 0;
    }
    part("unsent").textContent = open || n ? this.count(n) : "";
    part("unsent").classList.toggle("some", n > 0);
    part("net").textContent = navigator.onLine && this.what !== "later" ? words.online : words.offline;
    part("send").hidden = !open || n === 0;
  }

  async begin(first, again, error) {
    if (first.length < SHORTEST) return void (error.textContent = words.tooShort);
    if (first !== again) return void (error.textContent = words.notSame);
    error.textContent = words.working;
    const { lock, key } = await makeVault(first);
    const row = { id: this.newId(), assessment, made: this.now(), lock };
    const book = new Book(this.db, row, key, language);
    await store.change(this.db, { books: [row] });
    const got = await sendAll(book, here, this.newId, () => {});
    if (got.what !== "done") {
      book.close();
      await store.change(this.db, { goneBook: row.id });
      error.textContent = got.what === "later" ? words.noNetwork : "";
      return this.door(got.what);
    }
    error.textContent = "";
    this.persisted = await navigator.storage?.persist?.();
    this.ahead = got.ahead;
    this.open(book);
  }

  async unlock(passphrase, error) {
    error.textContent = words.working;
    for (const row of await store.booksIn(this.db)) {
      if (row.assessment !== assessment) continue;
      const key = await openVault(passphrase, row.lock);
      if (!key) continue;
      const book = new Book(this.db, row, key, language);
      await book.read();
      await book.readChecklist();
      error.textContent = "";
      this.persisted = await navigator.storage?.persisted?.();
      this.open(book);
      this.send();
      return;
    }
    error.textContent = words.wrong;
  }

  open(book) {
    this.book = book;
    book.changed = () => this.refresh();
    part("site").textContent = book.taken.site ?? "";
    for (const form of document.querySelectorAll("#begin form, #lock form")) form.reset();
    show("book");
    this.chapter = book.checklist ? this.firstLeft() : WHOLE;
    this.list();
    this.counts();
    this.tell();
  }

  // Keep what is typed; false, and the first card in sight, where something could not be kept.
  async settled() {
    await Promise.all(this.cards.map((one) => one.keep()));
    const left = this.cards.find((one) => one.dirty);
    left?.root.scrollIntoView({ block: "center" });
    return !left;
  }

  async lock() {
    if (!(await this.settled())) return;
    this.book?.close();
    this.book = null;
    this.cards = [];
    part("rows").replaceChildren();
    part("tells").replaceChildren();
    part("site").textContent = part("site").dataset.plain;
    part("heading").textContent = "";
    part("find").value = "";
    await this.start();
  }

  // What is shown in place of a notebook that the server does not give.
  door(what) {
    const { line, link } = this.said(what);
    if (!line) return;
    show("nothing", "begin");
    const [text, place] = part("nothing").querySelectorAll("p");
    text.textContent = line;
    place.replaceChildren(...(link ? [link] : []));
  }

  said(what, name = "") {
    const next = encodeURIComponent(location.pathname);
    const link = (text, address) => {
      const one = make("a", text, "btn");
      one.href = address;
      return one;
    };
    if (what === "signedOut") return { line: words.signedOut, link: link(words.signIn, `${main.dataset.signIn}?next=${next}`) };
    if (what === "secondFactor") return { line: words.secondFactor, link: link(words.factor, main.dataset.factor) };
    if (what === "notThere") return { line: words.notThere };
    if (what === "otherPerson") return { line: fill(words.otherPerson, { name }) };
    if (what === "later" && navigator.onLine) return { line: words.later };
    return { line: "" };
  }

  // The list of cards

  rating(id) {
    return entries.shown(this.book.entries.values(), this.book.taken.newest, id).rating;
  }

  left(chapter) {
    return this.book.checklist.requirements.filter((one) => one.chapter === chapter && this.rating(one.id) === "pending").length;
  }

  firstLeft() {
    const { chapters } = this.book.checklist;
    return (chapters.find((one) => this.left(one.id)) ?? chapters[0])?.id ?? WHOLE;
  }

  index() {
    const select = part("chapter");
    const chapters = this.book.checklist?.chapters ?? [];
    const lines = chapters.map((one) => [one.id, fill(words.left, { id: one.id, title: one.title, n: this.left(one.id) })]);
    select.replaceChildren(
      ...[...lines, [WHOLE, words.whole]].map(([value, text]) => {
        const option = make("option", text);
        option.value = value;
        return option;
      }),
    );
    select.value = this.chapter;
    part("before").disabled = select.selectedIndex <= 0;
    part("after").disabled = select.selectedIndex === select.options.length - 1;
  }

  list() {
    const { book } = this;
    const find = part("find").value.trim();
    const unrated = part("unrated").checked;
    this.index();
    const asked = { chapter: this.chapter, find, unrated };
    const whole = !book.checklist || (this.chapter === WHOLE && !find);
    const all = whole ? [null] : entries.found(book.checklist, asked, (id) => this.rating(id));
    const some = all.slice(0, MOST_CARDS);
    const title = book.checklist?.chapters.find((one) => one.id === this.chapter);
    part("heading").textContent = find ? words.found : title ? `${title.id} ${title.title}` : words.whole;
    const note = whole ? words.wholeNotes : all.length ? "" : words.none;
    part("count").textContent = some.length < all.length ? fill(words.shown, { n: some.length, all: all.length }) : note;
    this.cards = some.map((one) => new Card(this, one));
    part("rows").replaceChildren(...this.cards.map((one) => one.root));
  }

  async go(chapter) {
    if (!(await this.settled())) return this.index();
    this.chapter = chapter;
    part("find").value = "";
    this.list();
    window.scrollTo(0, 0);
    part("heading").focus({ preventScroll: true });
  }

  refresh() {
    if (!this.book) return;
    for (const one of this.cards) one.show();
    this.index();
    this.counts();
  }

  // After something was kept: the others learn of it, and it is sent if there is a network.
  changed() {
    this.refresh();
    this.later(2500);
  }

  // Notes

  async note({ requirement, text, place, photo }) {
    const id = this.newId();
    const said = { id, key: this.newId(), at: this.now(), requirement, text, place };
    const bytes = photo?.bytes;
    if (photo) {
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
      const sha256 = [...digest].map((one) => one.toString(16).padStart(2, "0")).join("");
      said.photo = { type: photo.type, sha256 };
      said.title = `${words.photo} ${requirement}`;
    }
    await this.book.change((there) => ({
      put: [entries.noted(there, said)],
      drop: there.filter((one) => one.kind === "draft" && one.requirement === requirement).map((one) => one.id),
      photo: photo ? { id, bytes } : null,
    }));
  }

  // What is typed as a note and not kept yet survives too; it is no entry and is never sent.
  draft(requirement, text) {
    const id = `draft-${requirement || WHOLE}`;
    return this.book.change(() => (text.trim() ? { put: [{ id, kind: "draft", requirement, text, order: 0 }] } : { drop: [id] }));
  }

  draftOf(requirement) {
    return this.book.entries.get(`draft-${requirement || WHOLE}`)?.text ?? "";
  }

  async drop(entry) {
    await this.book.change(() => ({ drop: [entry.id], dropPhotos: entry.photo ? [entry.id] : [] }));
    this.refresh();
  }

  async decide(id, how) {
    await this.book.change((there) => {
      const one = there.find((entry) => entry.id === id && entry.state === "conflict");
      return one ? how(one) : null;
    });
    this.changed();
  }

  // Sending

  later(ms) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), ms);
  }

  // `again`: the person asks for it, so that what was refused is tried once more too.
  async send(again = false) {
    if (!this.book) return;
    const { book } = this;
    const hadList = Boolean(book.checklist);
    part("send").disabled = true;
    part("net").textContent = words.sending;
    let got = { what: "later" };
    try {
      if (again) await book.change(entries.tryAgain);
      got = await sendAll(book, here, () => this.newId(), () => this.refresh());
    } catch (error) {
      got = { what: "trouble", why: this.why(error) };
    }
    part("send").disabled = false;
    if (this.book !== book) return;
    if (got.what === "elsewhere") {
      this.later(2000); // another tab is sending; ask again how it went
      return this.counts();
    }
    this.what = got.what;
    this.ahead = got.ahead ?? this.ahead;
    this.why_ = got.why ?? "";
    this.name = got.name ?? "";
    this.pause = got.what === "later" ? Math.min(this.pause * 2, 120000) : 5000;
    if (got.what === "later" && book.unsent.length) this.later(this.pause);
    if (!hadList && book.checklist) {
      this.chapter = this.firstLeft();
      this.list();
    }
    this.refresh();
    this.tell();
  }

  // What there is to say beyond the cards: the clock, the door, the stage, storage.
  async tell() {
    const { book } = this;
    if (!book) return;
    const lines = [];
    const { line, link } = this.said(this.what, this.name);
    if (line) lines.push(this.line(line, link));
    if (this.what === "trouble") lines.push(this.line(`${words.notSaved} ${this.why_}`));
    if (isWrong(this.ahead)) lines.push(this.line(fill(words.clock, { n: Math.round(this.ahead / 60) })));
    if (book.taken.may?.rate === false) lines.push(this.line(words.noRating));
    if (book.taken.may?.photograph === false) lines.push(this.line(words.noPhotos));
    part("tells").replaceChildren(...lines);
    part("rows").classList.toggle("no-photos", book.taken.may?.photograph === false);
    const facts = [this.persisted ? words.persisted : words.notPersisted, this.ready ? words.ready : words.notReady];
    const room = await navigator.storage?.estimate?.();
    if (room?.quota) facts.push(fill(words.room, { used: Math.ceil(room.usage / 1e6), all: Math.round(room.quota / 1e6) }));
    part("facts").replaceChildren(...facts.map((text) => make("li", text)));
  }

  line(text, link) {
    const one = make("div", "", "note warn");
    one.append(make("p", text));
    if (link) one.append(link);
    return one;
  }

  // The second copy

  async save() {
    await this.settled();
    const { row } = this.book;
    const parts = [];
    const names = await store.namesIn(this.db, row.id);
    for await (const piece of copies.write(row, names, (name) => store.recordOf(this.db, row.id, name))) parts.push(new Blob([piece]));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(parts, { type: "application/json" }));
    link.download = `notebook-${row.assessment}-${this.now().slice(0, 16).replace(/[:T]/g, "-")}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }

  async remove() {
    const n = this.book.unsent.length;
    if (!window.confirm(n ? fill(words.removeUnsent, { n }) : words.removeSure)) return;
    const { row } = this.book;
    this.cards = [];
    await store.change(this.db, { goneBook: row.id });
    await this.lock();
  }

  // Bring back what is missing. What is here already is newer, or the same, and stays.
  async restore(file, said) {
    const found = copies.read(await file.text());
    if (!found) return void (said.textContent = words.notACopy);
    const { book, records } = found;
    const known = (await store.booksIn(this.db)).some((one) => one.id === book.id);
    const there = new Set(await store.namesIn(this.db, book.id));
    const missing = known ? records.filter((one) => !there.has(one.name)) : records;
    try {
      await store.change(this.db, { books: known ? [] : [book], records: missing });
    } catch (error) {
      return void (said.textContent = `${words.notSaved} ${this.why(error)}`);
    }
    await this.start();
    said.textContent = known ? words.restoredSame : words.restored;
  }
}

function listen(page) {
  const on = (id, kind, act) => part(id).addEventListener(kind, act);
  const form = (id, act) =>
    part(id).querySelector("form").addEventListener("submit", async (event) => {
      event.preventDefault();
      const error = event.target.querySelector(".error");
      const submit = event.target.querySelector("[type=submit]");
      submit.disabled = true;
      try {
        await act(error);
      } catch (problem) {
        error.textContent = `${words.notSaved} ${page.why(problem)}`;
      }
      submit.disabled = false;
    });
  form("begin", (error) => page.begin(part("new-pass").value, part("new-again").value, error));
  form("lock", (error) => page.unlock(part("pass").value, error));
  on("another", "click", () => show("begin"));
  on("send", "click", () => page.send(true));
  on("close", "click", () => page.lock());
  on("remove", "click", () => page.remove());
  on("copy", "click", () => page.save());
  on("copy-file", "change", (event) => page.restore(event.target.files[0], part("restore").querySelector("[role=status]")));
  on("chapter", "change", (event) => page.go(event.target.value));
  on("before", "click", () => page.go(part("chapter").options[part("chapter").selectedIndex - 1].value));
  on("after", "click", () => page.go(part("chapter").options[part("chapter").selectedIndex + 1].value));
  const listed = async () => {
    if (await page.settled()) page.list();
  };
  on("unrated", "change", listed);
  let typing = 0;
  on("find", "input", () => {
    clearTimeout(typing);
    typing = setTimeout(listed, 200);
  });
  window.addEventListener("online", () => page.send());
  window.addEventListener("offline", () => page.counts());
  window.addEventListener("beforeunload", (event) => {
    if (page.cards.some((one) => one.dirty)) event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") for (const one of page.cards) one.keep();
  });
  const used = () => (page.lastUse = Date.now());
  for (const kind of ["pointerdown", "keydown", "scroll"]) document.addEventListener(kind, used, { passive: true });
  setInterval(() => {
    if (page.book && Date.now() - page.lastUse > IDLE_MS) page.lock();
  }, 20000);
}

async function register(page) {
  try {
    await navigator.serviceWorker.register(main.dataset.worker);
    await navigator.serviceWorker.ready;
    page.ready = true;
  } catch {
    page.ready = false;
  }
  page.tell();
}

async function run() {
  part("site").dataset.plain = part("site").textContent;
  const missing = lacking();
  if (missing.length) {
    part("missing").querySelector("ul").replaceChildren(...missing.map((text) => make("li", text)));
    part("missing").querySelector("a").href = assessment ? `${main.dataset.rate}${assessment}/rate/` : main.dataset.rate;
    return show("missing");
  }
  const page = new Page(await store.openStore());
  listen(page);
  register(page);
  await page.start();
  document.body.dataset.started = "yes";
}

run();

