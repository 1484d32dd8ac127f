// How far the clock of this device is from that of the server. It is shown, sent along, and
// decides nothing: which of two answers counts is a matter of what their authors had seen.

export const WRONG_S = 120;

// Seconds by which the device is ahead; null where the server told no time or was too slow to say.
export function aheadSeconds(dateHeader, askedMs, answeredMs) {
  const there = Date.parse(dateHeader ?? "");
  const took = answeredMs - askedMs;
  if (Number.isNaN(there) || took < 0 || took > 60000) return null;
  const middle = (askedMs + answeredMs) / 2;
  return Math.round((middle - (there + 500)) / 1000); // the header is cut to whole seconds
}

export const isWrong = (ahead) => ahead !== null && Math.abs(ahead) > WRONG_S;

// The day, in UTC, of a time that this device wrote down, by the clock of the server as it is now.
export function dayOf(writtenIso, ahead, deviceNowMs) {
  const off = isWrong(ahead) ? ahead * 1000 : 0;
  const then = Date.parse(writtenIso) - off;
  const now = deviceNowMs - (ahead ?? 0) * 1000;
  return new Date(Math.min(then, now)).toISOString().slice(0, 10);
}
