// The second copy: a file with a notebook as it lies in the browser, sealed, and its lock.

const FORMAT = "stannary-notebook/1";
const PIECE = 0x8000;

export function toText(bytes) {
  let text = "";
  for (let n = 0; n < bytes.length; n += PIECE) {
    text += String.fromCharCode(...bytes.subarray(n, n + PIECE));
  }
  return btoa(text);
}

export const toBytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));

// Give the text of the file in pieces, one record after the other: photos are large.
export async function* write(book, names, recordOf) {
  const { lock } = book;
  const head = {
    format: FORMAT,
    book: { id: book.id, assessment: book.assessment, made: book.made },
    lock: { kdf: "PBKDF2-SHA-256", rounds: lock.rounds, salt: toText(lock.salt), iv: toText(lock.iv), sealed: toText(lock.sealed) },
  };
  yield `${JSON.stringify(head).slice(0, -1)},"records":[`;
  let comma = "";
  for (const name of names) {
    const one = await recordOf(name);
    if (!one) continue;
    yield comma + JSON.stringify({ name, unsent: one.unsent, iv: toText(one.iv), data: toText(one.data) });
    comma = ",\n";
  }
  yield "]}\n";
}

// Give the notebook and its records, or null for what is no such file.
export function read(text) {
  try {
    const said = JSON.parse(text);
    if (said.format !== FORMAT) return null;
    const { id, assessment, made } = said.book;
    const { rounds, salt, iv, sealed } = said.lock;
    if (typeof id !== "string" || !Number.isInteger(assessment) || !Number.isInteger(rounds)) return null;
    const lock = { rounds, salt: toBytes(salt), iv: toBytes(iv), sealed: toBytes(sealed) };
    const records = said.records.map((one) => ({
      book: id,
      name: String(one.name),
      unsent: Boolean(one.unsent),
      iv: toBytes(one.iv),
      data: toBytes(one.data),
    }));
    return { book: { id, assessment, made: String(made), lock }, records };
  } catch {
    return null;
  }
}
