// One opened notebook: what was taken along, what was said here, sealed on the disk and open in
// memory. Tabs write one after the other, each on what the disk has then, and tell the others.

import * as entries from "./entries.js";
import * as store from "./store.js";
import { fromBytes, seal, toBytes, unseal } from "./vault.js";

const TAKEN = "taken";
const ENTRY = "entry:";
const CHECKLIST = "checklist:";

export class Book {
  constructor(db, row, key, language) {
    this.db = db;
    this.row = row;
    this.key = key;
    this.language = language;
    this.taken = { newest: {}, notes: [] };
    this.checklist = null;
    this.entries = new Map();
    this.changed = () => {};
    this.channel = new BroadcastChannel(`stannary-notebook-${row.id}`);
    this.channel.onmessage = async () => {
      await this.read();
      this.changed();
    };
  }

  get unsent() {
    return [...this.entries.values()].filter(entries.isUnsent);
  }

  close() {
    this.channel.close();
    this.key = null;
  }

  // Read what is small: entries, what was taken along, and the checklist if it is not here yet.
  async read() {
    const there = new Map();
    for (const row of await store.recordsNamed(this.db, this.row.id, ENTRY)) {
      const value = fromBytes(await this.#unsealed(row));
      there.set(value.id, value);
    }
    const taken = await store.recordOf(this.db, this.row.id, TAKEN);
    if (taken) this.taken = fromBytes(await this.#unsealed(taken));
    this.entries = there;
  }

  // In the language of the page, or else in the one in which it was taken along.
  async readChecklist() {
    const rows = await store.recordsNamed(this.db, this.row.id, CHECKLIST);
    const row = rows.find((one) => one.name === CHECKLIST + this.language) ?? rows[0];
    if (row) this.checklist = fromBytes(await this.#unsealed(row));
  }

  // Change what is on the disk, one tab at a time. `work` is given entries and what was taken
  // along as they are there, and gives what to put and to drop; nothing is said before it is done.
  change(work) {
    return navigator.locks.request(`stannary-notebook-${this.row.id}`, async () => {
      await this.read();
      const todo = await work([...this.entries.values()], this.taken);
      if (!todo) return null;
      const { put = [], drop = [], taken = null, photo = null, dropPhotos = [] } = todo;
      if (!put.length && !drop.length && !taken) return todo;
      const records = [];
      for (const one of put) records.push(await this.#sealed(ENTRY + one.id, toBytes(one), entries.isUnsent(one)));
      if (taken) records.push(await this.#sealed(TAKEN, toBytes(taken)));
      if (photo) records.push(await this.#sealed(`photo:${photo.id}`, photo.bytes));
      const gone = [...drop.map((id) => ENTRY + id), ...dropPhotos.map((id) => `photo:${id}`)];
      await store.change(this.db, { records, gone: gone.map((name) => [this.row.id, name]) });
      if (taken) this.taken = taken;
      for (const one of put) this.entries.set(one.id, one);
      for (const id of drop) this.entries.delete(id);
      this.channel.postMessage("changed");
      return todo;
    });
  }

  async keepChecklist(checklist) {
    const record = await this.#sealed(CHECKLIST + this.language, toBytes(checklist));
    await store.change(this.db, { records: [record] });
    this.checklist = checklist;
  }

  async photo(id) {
    const row = await store.recordOf(this.db, this.row.id, `photo:${id}`);
    return row ? this.#unsealed(row) : null;
  }

  async #sealed(name, bytes, unsent = false) {
    return { book: this.row.id, name, unsent, ...(await seal(this.key, `${this.row.id} ${name}`, bytes)) };
  }

  #unsealed(row) {
    return unseal(this.key, `${this.row.id} ${row.name}`, row);
  }
}
