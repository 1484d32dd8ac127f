// What is written is sealed before it is stored: AES-GCM under a random key, which itself lies
// sealed under a key from the passphrase. Neither key can be read out of the browser once it is
// in use, and without the passphrase neither can be made again.

export const ROUNDS = 600000; // of PBKDF2 with SHA-256, as OWASP had it in 2023
const encoder = new TextEncoder();
const decoder = new TextDecoder();

async function keyFrom(passphrase, salt, rounds) {
  const text = encoder.encode(passphrase.normalize("NFKC"));
  const base = await crypto.subtle.importKey("raw", text, "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  const kind = { name: "AES-GCM", length: 256 };
  return crypto.subtle.deriveKey(how, base, kind, false, ["wrapKey", "unwrapKey"]);
}

// Make a key and give it with what is stored of it: salt, rounds, and the key as it is sealed.
export async function makeVault(passphrase) {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const outer = await keyFrom(passphrase, salt, ROUNDS);
  const kind = { name: "AES-GCM", length: 256 };
  const fresh = await crypto.subtle.generateKey(kind, true, ["encrypt", "decrypt"]);
  const sealed = new Uint8Array(
    await crypto.subtle.wrapKey("raw", fresh, outer, { name: "AES-GCM", iv }),
  );
  const lock = { rounds: ROUNDS, salt, iv, sealed };
  return { lock, key: await openVault(passphrase, lock) };
}

// Give the key, or null where the passphrase is not the one.
export async function openVault(passphrase, lock) {
  if (!(lock.rounds >= ROUNDS)) return null;
  const outer = await keyFrom(passphrase, lock.salt, lock.rounds);
  try {
    return await crypto.subtle.unwrapKey(
      "raw", lock.sealed, outer, { name: "AES-GCM", iv: lock.iv },
      "AES-GCM", false, ["encrypt", "decrypt"],
    );
  } catch {
    return null;
  }
}

// The name of a record is sealed in with it, so that nobody can put one in another's place.
export async function seal(key, name, bytes) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const how = { name: "AES-GCM", iv, additionalData: encoder.encode(name) };
  return { iv, data: new Uint8Array(await crypto.subtle.encrypt(how, key, bytes)) };
}

export async function unseal(key, name, record) {
  const how = { name: "AES-GCM", iv: record.iv, additionalData: encoder.encode(name) };
  return new Uint8Array(await crypto.subtle.decrypt(how, key, record.data));
}

export const toBytes = (value) => encoder.encode(JSON.stringify(value));
export const fromBytes = (bytes) => JSON.parse(decoder.decode(bytes));
