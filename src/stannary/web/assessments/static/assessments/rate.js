// The rating matrix of one chapter: each change is saved at once, the foot moves, keys lead from
// row to row.
// The server alone judges; this file only carries what was said there and shows its answer.
// What could not be sent stays on the page, is kept over a reload, and is tried again.

const matrix = document.querySelector(".matrix");
const text = matrix.dataset;
const token = document.querySelector("input[name=csrfmiddlewaretoken]").value;
const foot = document.getElementById("foot");
const said = document.getElementById("said");
const count = document.querySelector(".unsaved-count");
const rows = new Map();
const waiting = new Map();
const elsewhere = new Map(); // what is not saved of other chapters, by requirement
let pause = 2000;
let timer = 0;

class Row {
  constructor(article) {
    this.article = article;
    this.name = article.dataset.requirement;
    this.radios = [...article.querySelectorAll("input[type=radio]")];
    this.rationale = article.querySelector(`[name="rationale-${this.name}"]`);
    this.evidence = article.querySelector(`[name="evidence-${this.name}"]`);
    this.seen = article.querySelector(`[name="seen-${this.name}"]`);
    this.state = article.querySelector(".req-state");
    this.summary = article.querySelector(".said > summary");
    this.busy = false;
    this.sending = null;
  }

  get said() {
    return {
      rating: this.radios.find((radio) => radio.checked)?.value ?? "pending",
      rationale: this.rationale.value,
      evidence: this.evidence.value,
      seen: this.seen.value ? Number(this.seen.value) : null,
    };
  }

  set said(value) {
    for (const radio of this.radios) radio.checked = radio.value === value.rating;
    this.rationale.value = value.rationale;
    this.evidence.value = value.evidence;
    this.seen.value = value.seen ?? "";
  }

  show(kind, ...parts) {
    this.article.classList.toggle("unsaved", kind !== "saved" && kind !== "saving");
    this.article.dataset.state = kind;
    this.state.replaceChildren(...parts);
  }
}

const line = (words, kind) => {
  const p = document.createElement("p");
  p.className = kind;
  p.textContent = words;
  return p;
};

const button = (words, act) => {
  const b = document.createElement("button");
  b.type = "button";
  b.className = "btn alt";
  b.textContent = words;
  b.addEventListener("click", act);
  return b;
};

// Keep what is not saved for this tab, so that a reload, another chapter or a crash loses nothing.
const keep = () => {
  const open = [...elsewhere, ...[...waiting.keys()].map((row) => [row.name, row.said])];
  if (open.length) sessionStorage.setItem(text.key, JSON.stringify(open));
  else sessionStorage.removeItem(text.key);
  count.hidden = !open.length;
  count.textContent = open.length > 1 ? text.waitingMany.replace("{n}", open.length) : text.waitingOne;
  if (elsewhere.size) count.append(` ${text.elsewhere}`);
  for (const name of elsewhere.keys()) {
    const link = document.createElement("a");
    link.href = `${text.address}?at=${name}#r-${name}`;
    link.textContent = name;
    count.append(" ", link);
  }
};

// In a conflict only its two buttons send: what is typed meanwhile waits for the choice.
const changed = (row) => {
  if (waiting.get(row) === "conflict") return keep();
  waiting.set(row, "changed");
  keep();
  if (!row.busy) begin(row);
};

const begin = (row) => {
  row.sending = send(row);
};

const later = () => {
  clearTimeout(timer);
  timer = setTimeout(retry, pause);
  pause = Math.min(pause * 2, 60000);
};

const retry = () => {
  for (const [row, why] of waiting) if (why === "offline" && !row.busy) begin(row);
};

async function send(row) {
  const sent = row.said;
  row.busy = true;
  waiting.set(row, "sent");
  row.show("saving", line(text.saving, "small"));
  let response;
  let answer;
  try {
    response = await fetch(`${text.address}${row.name}/`, {
      method: "POST",
      redirect: "error",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
      body: JSON.stringify(sent),
    });
    const json = response.headers.get("Content-Type")?.includes("json");
    answer = json ? await response.json() : null;
  } catch {
    response = null;
  }
  row.busy = false;
  const again = waiting.get(row) === "changed";
  if (response === null || response.status >= 500) {
    waiting.set(row, "offline");
    row.show("failed", line(text.failed, "error"));
    later();
  } else if (response.ok && answer) {
    saved(row, answer, again);
  } else if (response.status === 409 && answer?.newest) {
    conflict(row, answer);
  } else if (response.status === 401 || response.status === 403) {
    row.show("failed", line(text.signedOut, "error"));
  } else {
    const findings = answer?.findings ?? [];
    const lines = findings.map((one) => line(`${one.demand} ${one.remedy}`, "error"));
    row.show("refused", line(text.refused, "error"), ...lines);
    row.article.querySelector(".said").open = true;
    said.textContent = `${row.name}: ${text.refused}. ${findings[0]?.demand ?? ""}`;
    if (again) begin(row);
  }
  keep();
}

function saved(row, answer, again) {
  pause = 2000;
  row.seen.value = answer.record.id;
  row.summary.innerHTML = answer.summary; // built and escaped by the server, as on the page
  foot.innerHTML = answer.foot; // the server's own template, escaped there
  said.textContent = answer.said;
  if (answer.moved) {
    foot.classList.remove("moved");
    void foot.offsetWidth;
    foot.classList.add("moved");
  }
  for (const place of document.querySelectorAll(`[data-tally="${answer.tally.chapter}"]`)) {
    place.innerHTML = answer.tally.html; // built and escaped by the server, as on the page
  }
  if (again) {
    begin(row);
  } else {
    waiting.delete(row);
    row.show("saved", line(text.saved, "small ok"));
  }
}

function conflict(row, answer) {
  const theirs = answer.newest;
  waiting.set(row, "conflict");
  row.article.querySelector(".said").open = true;
  said.textContent = `${row.name}: ${answer.message}`;
  const take = button(text.keep, () => {
    row.said = { ...theirs, evidence: theirs.evidence.join("\n"), seen: theirs.id };
    waiting.delete(row);
    row.show("saved");
    keep();
    row.radios.find((radio) => radio.checked)?.focus();
  });
  const mine = button(text.mine, () => {
    row.seen.value = theirs.id;
    waiting.delete(row);
    changed(row);
  });
  const acts = document.createElement("p");
  acts.className = "acts";
  acts.append(take, mine);
  row.show("conflict", line(answer.message, "note warn"), acts);
}

// Rows

for (const article of matrix.querySelectorAll(".req")) {
  const row = new Row(article);
  rows.set(row.name, row);
  article.addEventListener("change", () => changed(row));
}
matrix.classList.add("live");

// Without a chapter in the address the page opens where something is left: a reload stays here.
if (!location.search && text.here) history.replaceState(null, "", text.here + location.hash);
document.querySelector(".jump [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();

const kept = JSON.parse(sessionStorage.getItem(text.key) ?? "[]");
for (const [name, value] of kept) if (!rows.has(name)) elsewhere.set(name, value);
if (elsewhere.size) keep();
for (const [name, value] of kept) {
  const row = rows.get(name);
  if (!row) continue;
  row.said = value;
  row.show("failed", line(text.restored, "small"));
  changed(row);
}

// What somebody chose while this file was still on its way is not lost. Browsers are told not to
// fill the form in again after a reload, so that nothing here is older than what the server sent.
const differs = (row) =>
  row.radios.some((radio) => radio.checked !== radio.defaultChecked) ||
  [row.rationale, row.evidence].some((field) => field.value !== field.defaultValue);
for (const row of rows.values()) if (!waiting.has(row) && differs(row)) changed(row);

window.addEventListener("online", retry);
window.addEventListener("beforeunload", (event) => {
  if (waiting.size) event.preventDefault();
});

// A link that leads to a row of this page leads there at once. Any other waits until what is being
// sent has arrived, so that leaving a chapter right after a rating is no question; what could not
// be saved still is one.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[href]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const here = link.pathname === location.pathname && rows.get(link.hash.replace("#r-", ""));
  if (here) {
    event.preventDefault();
    history.replaceState(null, "", link.hash);
    goTo(here);
    return;
  }
  if (![...waiting.keys()].some((row) => row.busy)) return;
  event.preventDefault();
  const until = Date.now() + 3000;
  while ([...waiting.keys()].some((row) => row.busy) && Date.now() < until) {
    const sending = [...waiting.keys()].map((row) => row.sending);
    await Promise.race([Promise.all(sending), new Promise((done) => setTimeout(done, 500))]);
  }
  location.assign(link.href);
});

// Keys: only while a row has the focus or nothing has, and only while they are switched on.

const keys = document.querySelector(".keys");
const keysOn = keys.querySelector("input");
keys.hidden = false;
keysOn.checked = localStorage.getItem("stannary-keys") !== "off";
keysOn.addEventListener("change", () => {
  localStorage.setItem("stannary-keys", keysOn.checked ? "on" : "off");
});

const order = [...rows.values()];
const RATINGS = { 1: "fully", 2: "substantially", 3: "partially", 4: "not_met", 5: "not_relevant", 0: "pending" };

const current = () => {
  const here = document.activeElement?.closest?.(".req");
  return here ? rows.get(here.dataset.requirement) : undefined;
};

// Without a row in focus, the first one that is in sight.
const inSight = () => order.findIndex((row) => row.article.getBoundingClientRect().bottom > 0);

const goTo = (row) => {
  if (!row) return;
  (row.radios.find((radio) => radio.checked) ?? row.radios[0]).focus({ preventScroll: true });
  row.article.scrollIntoView({ block: "center" });
};

const isRated = (row) => row.said.rating !== "pending";

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("textarea, input:not([type=radio]):not([type=checkbox]), select");
  if (!keysOn.checked || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const here = current();
  const place = here ? order.indexOf(here) : inSight();
  if (event.key === "j" && here && !order[place + 1]) document.querySelector(".steps-on [rel=next]")?.focus();
  else if (event.key === "j") goTo(here ? order[place + 1] : order[place]);
  else if (event.key === "k") goTo(order[place - 1]);
  else if (event.key === "n") {
    const left = order.find((row, n) => n > (here ? place : place - 1) && !isRated(row));
    if (left ?? order.find((row) => !isRated(row))) goTo(left ?? order.find((row) => !isRated(row)));
    else document.querySelector(".left-after")?.click();
  }
  else if (event.key === "r" && here) {
    here.article.querySelector(".said").open = true;
    here.rationale.focus();
    here.rationale.setSelectionRange(here.rationale.value.length, here.rationale.value.length);
  } else if (here && event.key in RATINGS) {
    const radio = here.radios.find((one) => one.value === RATINGS[event.key]);
    radio.focus({ preventScroll: true });
    if (!radio.checked) {
      radio.checked = true;
      changed(here);
    }
  } else return;
  event.preventDefault();
});
