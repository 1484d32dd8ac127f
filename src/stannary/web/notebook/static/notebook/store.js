// IndexedDB: notebooks with their locks, and sealed records. A change is there, on the disk, when
// its promise is kept; then only may a page say that it is saved.

const NAME = "stannary-notebook";

export const openStore = () =>
  new Promise((done, failed) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("books", { keyPath: "id" });
      asked.result.createObjectStore("records", { keyPath: ["book", "name"] });
    };
    asked.onsuccess = () => {
      asked.result.onversionchange = () => asked.result.close();
      done(asked.result);
    };
    asked.onerror = () => failed(asked.error);
    asked.onblocked = () => failed(new Error("blocked"));
  });

const ask = (request) =>
  new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });

export const booksIn = (db) => ask(db.transaction("books").objectStore("books").getAll());

export const recordOf = (db, book, name) =>
  ask(db.transaction("records").objectStore("records").get([book, name]));

const recordStore = (db) => db.transaction("records").objectStore("records");
const between = (book, prefix) => IDBKeyRange.bound([book, prefix], [book, `${prefix}\uffff`]);

// The records of a notebook whose names begin so; photos are large, so that nobody asks for all.
export const recordsNamed = (db, book, prefix) => ask(recordStore(db).getAll(between(book, prefix)));

export const namesIn = async (db, book) =>
  (await ask(recordStore(db).getAllKeys(between(book, "")))).map((key) => key[1]);

// Write all of it or nothing, and come back when the disk has it.
export const change = (db, { books = [], records = [], gone = [], goneBook = "" }) =>
  new Promise((done, failed) => {
    const act = db.transaction(["books", "records"], "readwrite", { durability: "strict" });
    act.oncomplete = () => done();
    act.onabort = () => failed(act.error ?? new Error("aborted"));
    const [ofBooks, ofRecords] = [act.objectStore("books"), act.objectStore("records")];
    try {
      for (const one of books) ofBooks.put(one);
      for (const one of records) ofRecords.put(one);
      for (const key of gone) ofRecords.delete(key);
      if (goneBook) {
        ofBooks.delete(goneBook);
        ofRecords.delete(between(goneBook, ""));
      }
    } catch (error) {
      failed(error);
      act.abort(); // nothing rather than half of it
    }
  });

// How many entries of each notebook are not sent; this much can be told without the passphrase.
export async function unsentIn(db) {
  const counts = new Map();
  for (const { id } of await booksIn(db)) {
    const rows = await recordsNamed(db, id, "entry:");
    counts.set(id, rows.filter((one) => one.unsent).length);
  }
  return counts;
}
