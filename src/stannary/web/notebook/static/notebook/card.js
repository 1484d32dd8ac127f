// One requirement on the page: what is asked, what was said, its notes, and what stands in the way.

import * as entries from "./entries.js";

export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (gap, name) => values[name] ?? gap);

export const make = (kind, text, css = "") => {
  const one = document.createElement(kind);
  one.textContent = text;
  if (css) one.className = css;
  return one;
};

export const button = (text, act) => {
  const one = make("button", text, "btn alt");
  one.type = "button";
  one.addEventListener("click", act);
  return one;
};

const PAUSE = 250;

export class Card {
  constructor(page, requirement) {
    this.page = page;
    this.requirement = requirement;
    this.id = requirement?.id ?? "";
    this.root = document.getElementById("card").content.firstElementChild.cloneNode(true);
    this.root.dataset.requirement = this.id;
    this.find = (css) => this.root.querySelector(css);
    this.dirty = false;
    this.timer = 0;
    this.draftTimer = 0;
    this.saving = Promise.resolve();
    if (requirement) this.#ask(requirement);
    else for (const css of [".ask", ".nb-rates", ".demand", ".pick"]) this.find(css).remove();
    if (!requirement) {
      this.find("h2").remove();
      this.find(".reason").closest("p").remove();
      this.find(".add").open = true;
    }
    this.#notes();
    this.show();
  }

  #ask(one) {
    const { words } = this.page;
    this.find(".num").textContent = one.id;
    this.find(".called").textContent = one.title;
    this.find(".critical").hidden = !one.critical;
    this.find(".demand").textContent = one.demand;
    for (const name of ["applies", "why", "evidence", "interview"]) {
      const part = this.find(`.ask [data-part=${name}]`);
      part.hidden = !one[name];
      part.lastElementChild.textContent = one[name];
    }
    this.find(".ask").hidden = !(one.applies || one.why || one.evidence || one.interview);
    const rates = this.find(".nb-rates");
    for (const [value, text] of Object.entries(words.ratings)) {
      const label = make("label", "");
      const radio = document.createElement("input");
      radio.type = "radio";
      radio.name = `r-${one.id}`;
      radio.value = value;
      radio.autocomplete = "off";
      label.append(radio, make("span", text));
      rates.append(label);
    }
    rates.addEventListener("change", () => this.#said(0));
    const reason = this.find(".reason");
    reason.addEventListener("input", () => this.#said(PAUSE));
    reason.addEventListener("change", () => this.#said(0));
  }

  get said() {
    const radio = this.root.querySelector("input[type=radio]:checked");
    return { rating: radio?.value ?? "pending", rationale: this.find(".reason").value.trimEnd(), evidence: this.base.evidence };
  }

  // Show what counts on this device now, unless somebody is typing here.
  show() {
    const { book, words } = this.page;
    if (this.requirement && !this.dirty) {
      const now = entries.shown(book.entries.values(), book.taken.newest, this.id);
      this.base = { rating: now.rating, rationale: now.rationale, evidence: now.evidence };
      for (const radio of this.root.querySelectorAll("input[type=radio]")) radio.checked = radio.value === now.rating;
      const reason = this.find(".reason");
      if (reason.value !== now.rationale) reason.value = now.rationale;
      this.#state(now, words);
      const may = book.taken.may?.rate !== false;
      for (const one of this.root.querySelectorAll(".nb-rates input, .reason")) one.disabled = !may;
    }
    this.#listNotes();
  }

  #state(now, words) {
    const kept = this.find(".kept");
    const { entry, record } = now;
    kept.textContent = entry ? words.saved : record ? fill(words.sent, { who: record.assessor, when: this.page.when(record.at) }) : "";
    this.root.classList.toggle("unsent", Boolean(entry));
    const trouble = this.find(".trouble");
    trouble.replaceChildren();
    if (entry?.state === "refused") {
      const drop = button(words.dropNote, () => this.page.drop(entry));
      trouble.append(...this.page.findings(entry.findings), this.#choices(drop));
    }
    if (entry?.state === "conflict") {
      const { theirs } = entry;
      trouble.append(
        make("p", fill(words.conflict, { who: theirs.assessor, rating: words.ratings[theirs.rating], when: this.page.when(theirs.at) })),
        make("blockquote", theirs.rationale || words.noReason),
        make("p", fill(words.mineIs, { rating: words.ratings[entry.said.rating] })),
        make("blockquote", entry.said.rationale || words.noReason),
        this.#choices(
          button(words.takeTheirs, () => this.page.decide(entry.id, (one) => entries.takeTheirs(one))),
          button(words.sendMine, () => this.page.decide(entry.id, (one) => entries.sendMine(one, this.page.newId()))),
        ),
      );
    }
    trouble.className = trouble.childElementCount ? "trouble note warn" : "trouble";
  }

  #choices(...buttons) {
    const acts = make("p", "", "acts");
    acts.append(...buttons);
    return acts;
  }

  #said(pause) {
    this.dirty = true;
    this.find(".kept").textContent = this.page.words.typing;
    clearTimeout(this.timer);
    if (pause) this.timer = setTimeout(() => this.keep(), pause);
    else this.keep();
  }

  // Keep what is typed; "saved" is shown when the disk has it, and not before.
  keep() {
    clearTimeout(this.timer);
    this.keepDraft();
    if (!this.dirty) return this.saving;
    this.saving = this.saving.then(() => this.#keep());
    return this.saving;
  }

  async #keep(over = false) {
    const { page } = this;
    const { book } = page;
    const typed = this.said;
    let other = null;
    try {
      await book.change((there, taken) => {
        const now = entries.shown(there, taken.newest, this.id);
        if (!over && !entries.alike(now, this.base) && !entries.alike(now, typed)) {
          other = now;
          return null;
        }
        return entries.rated(there, taken.newest, this.id, typed, { id: page.newId(), key: page.newId(), at: page.now() });
      });
    } catch (error) {
      this.find(".kept").textContent = "";
      this.find(".trouble").className = "trouble note bad";
      this.find(".trouble").replaceChildren(make("p", `${page.words.notSaved} ${page.why(error)}`));
      return;
    }
    if (other) return this.#elsewhere(other);
    this.base = { ...typed };
    this.dirty = !entries.alike(this.said, typed);
    if (!this.dirty) this.show();
    page.changed();
  }

  #elsewhere(other) {
    const { words } = this.page;
    const trouble = this.find(".trouble");
    trouble.className = "trouble note warn";
    trouble.replaceChildren(
      make("p", words.elsewhere),
      make("blockquote", `${words.ratings[other.rating]}: ${other.rationale || words.noReason}`),
      this.#choices(
        button(words.takeThat, () => { this.dirty = false; this.show(); }),
        button(words.keepMine, () => { this.saving = this.saving.then(() => this.#keep(true)); }),
      ),
    );
  }

  // Notes and photos

  #notes() {
    const { page } = this;
    const form = this.find(".add form");
    const text = this.find(".note-text");
    const pick = this.find("input[type=file]");
    const place = this.find(".place");
    this.photo = null;
    this.place = "";
    text.addEventListener("input", () => {
      clearTimeout(this.draftTimer);
      this.draftTimer = setTimeout(() => this.keepDraft(), PAUSE);
    });
    pick?.addEventListener("change", () => this.#chosen(pick.files[0]));
    place.addEventListener("change", () => this.#where(place));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#keepNote(form);
    });
    const draft = page.draftOf(this.id);
    if (draft) {
      text.value = draft;
      this.find(".add").open = true;
    }
  }

  #stopDraft() {
    clearTimeout(this.draftTimer);
    this.draftTimer = 0;
  }

  // A note that is typed and not kept yet survives, too; should that fail, its text is still here.
  keepDraft() {
    if (!this.draftTimer) return;
    this.#stopDraft();
    const kept = this.page.draft(this.id, this.find(".note-text").value).catch(() => {});
    this.saving = Promise.all([this.saving, kept]);
  }

  async #chosen(file) {
    const { words } = this.page;
    const chosen = this.find(".picked");
    const canvas = this.find("canvas");
    this.photo = null;
    canvas.hidden = true;
    chosen.textContent = "";
    if (!file) return;
    try {
      const picture = await createImageBitmap(file);
      const small = Math.min(1, 240 / Math.max(picture.width, picture.height));
      canvas.width = Math.round(picture.width * small);
      canvas.height = Math.round(picture.height * small);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      const known = ["image/jpeg", "image/png"].includes(file.type);
      const blob = known ? file : await asJpeg(picture);
      this.photo = { type: blob.type, bytes: new Uint8Array(await blob.arrayBuffer()) };
      canvas.hidden = false;
      chosen.textContent = `${Math.ceil(this.photo.bytes.length / 1024)} kB`;
    } catch {
      chosen.textContent = words.photoBad;
    }
  }

  #where(box) {
    const { words } = this.page;
    const where = this.find(".where");
    this.place = "";
    where.textContent = "";
    if (!box.checked) return;
    where.textContent = words.placeAsking;
    const refused = () => {
      box.checked = false;
      where.textContent = words.placeRefused;
    };
    if (!navigator.geolocation) return refused();
    const known = ({ coords }) => {
      const u = Math.min(999999, Math.ceil(coords.accuracy));
      this.place = `geo:${coords.latitude.toFixed(5)},${coords.longitude.toFixed(5)};u=${u}`;
      where.textContent = fill(words.placeKnown, { n: u });
    };
    navigator.geolocation.getCurrentPosition(known, refused, { enableHighAccuracy: true, timeout: 30000, maximumAge: 60000 });
  }

  async #keepNote(form) {
    const { page } = this;
    const { words } = page;
    const error = form.querySelector(".error");
    const text = this.find(".note-text").value.trim();
    error.textContent = "";
    if (!text && !this.photo) {
      error.textContent = words.noteEmpty;
      return;
    }
    try {
      await page.note({ requirement: this.id, text, place: this.place, photo: this.photo });
    } catch (problem) {
      error.textContent = `${words.notSaved} ${page.why(problem)}`;
      return;
    }
    this.#stopDraft();
    form.reset();
    this.photo = null;
    this.place = "";
    this.find(".where").textContent = "";
    if (this.find("canvas")) this.find("canvas").hidden = true;
    if (this.find(".picked")) this.find(".picked").textContent = "";
    if (this.requirement) this.find(".add").open = false;
    this.show();
    page.changed();
  }

  #listNotes() {
    const { book, words } = this.page;
    const here = (one) => one.requirement === this.id;
    const sent = book.taken.notes.filter(here).map((one) => this.#noteLine(one, one.author, one.evidence));
    const waiting = book.unsent.filter((one) => one.kind === "note" && here(one)).map((one) => {
      const line = this.#noteLine({ ...one, noted_at: one.at }, words.notSent, one.photo);
      line.className = "unsent";
      if (one.state === "refused") line.append(...this.page.findings(one.findings), button(words.dropNote, () => this.page.drop(one)));
      return line;
    });
    this.find(".notes").replaceChildren(...sent, ...waiting);
  }

  #noteLine(one, who, photo) {
    const { words } = this.page;
    const line = make("li", "");
    if (one.text) line.append(make("p", one.text));
    const facts = [photo ? words.photo : "", who, this.page.when(one.noted_at), one.place.replace("geo:", "").replace(";u=", " ± ")];
    const off = one.clock_ahead_s ?? 0;
    if (Math.abs(off) > 120) facts.push(fill(words.deviceClock, { n: Math.round(off / 60) }));
    line.append(make("p", facts.filter(Boolean).join(" · "), "small"));
    return line;
  }
}

const asJpeg = (picture) =>
  new Promise((done, failed) => {
    const canvas = document.createElement("canvas");
    canvas.width = picture.width;
    canvas.height = picture.height;
    canvas.getContext("2d").drawImage(picture, 0, 0);
    canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("no picture"))), "image/jpeg", 0.9);
  });
