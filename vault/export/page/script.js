
"use strict";
// Sections are those of docs/spec/export.md. Text goes into the page as text, never as markup.
const LEAST = 600000, MOST = 10000000, LARGEST = 67108864 + 4096 + 16;

// 4.3: the words that somebody typed, as vault/spoken.py reads them; a number is the place of a word that is none.
function read(list, typed) {
  const plain = typed.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
  const tokens = plain.split(/[^\p{L}]+/u).filter(Boolean);
  const short = tokens.length >= 4 && tokens.every(token => token.length === 4);
  const found = [];
  for (const token of tokens) {
    const starting = token.length < 4 ? [] : list.filter(word => word.startsWith(token));
    const near = list.filter(word => oneError(word, token));
    const meant = short ? starting : list.includes(token) ? [token] : [...new Set([...near, ...starting])];
    if (meant.length !== 1) return found.length + 1;
    found.push(meant[0]);
  }
  return found;
}

function oneError(word, token) {
  const [longer, shorter] = word.length > token.length ? [word, token] : [token, word];
  if (longer.length - shorter.length > 1 || longer === shorter) return false;
  let at = 0;
  while (at < shorter.length && longer[at] === shorter[at]) at++;
  if (longer.length > shorter.length) return longer.slice(at + 1) === shorter.slice(at);
  const swapped = longer[at] === shorter[at + 1] && longer[at + 1] === shorter[at];
  return longer.slice(at + 1) === shorter.slice(at + 1) || (swapped && longer.slice(at + 2) === shorter.slice(at + 2));
}

class Told extends Error {}

function bytes(base64) {
  let text;
  try { text = atob(base64.trim()); } catch { throw new Told("damaged"); }
  const data = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) data[at] = text.charCodeAt(at);
  return data;
}

function same(one, other) {
  let differ = one.length ^ other.length;
  for (let at = 0; at < one.length; at++) differ |= one[at] ^ other[at];
  return differ === 0;
}

// 3.5, steps 1 to 4
async function parse(data) {
  const view = new DataView(data.buffer);
  const magic = new TextDecoder().decode(data.subarray(0, 16)) === "ongemerkt export";
  if (magic && data[16] > 1) throw new Told("newer");
  if (!magic || data[16] !== 1 || data.length < 134) throw new Told("damaged");
  const size = view.getUint32(82), iterations = view.getUint32(18);
  if (size < 16 || size > LARGEST || data.length !== 86 + size + 32) throw new Told("damaged");
  const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", data.subarray(0, 86 + size)));
  if (!same(sum, data.subarray(86 + size))) throw new Told("damaged");
  if (data[17] !== 1 || iterations < LEAST || iterations > MOST) throw new Told("newer");
  return {
    iterations, header: data.subarray(0, 86), salt: data.subarray(22, 38), iv: data.subarray(38, 50),
    commitment: data.subarray(50, 82), sealed: data.subarray(86, 86 + size),
  };
}

// 3.5, steps 5 and 6
async function unseal(box, code) {
  const subtle = crypto.subtle, ascii = text => new TextEncoder().encode(text);
  const password = await subtle.importKey("raw", ascii(code), "PBKDF2", false, ["deriveKey"]);
  const stretched = await subtle.deriveKey(
    { name: "PBKDF2", hash: "SHA-256", salt: box.salt, iterations: box.iterations }, password,
    { name: "HMAC", hash: "SHA-256", length: 256 }, false, ["sign"]);
  const made = async label => new Uint8Array(await subtle.sign("HMAC", stretched, ascii(label)));
  if (!same(await made("ongemerkt export 1 commitment"), box.commitment)) throw new Told("unfit");
  const raw = await made("ongemerkt export 1 encryption");
  const key = await subtle.importKey("raw", raw, "AES-GCM", false, ["decrypt"]);
  try {
    const plain = await subtle.decrypt({ name: "AES-GCM", iv: box.iv, additionalData: box.header }, key, box.sealed);
    const found = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(plain));
    if (found.format === "ongemerkt export" && found.version > 1) throw new Told("newer");
    if (found.format !== "ongemerkt export" || found.version !== 1) throw new Told("damaged");
    if (!found.notes.every(note => typeof note.text === "string")) throw new Told("damaged");
    return found;
  } catch (error) {
    throw error instanceof Told ? error : new Told("damaged");
  }
}

const SAYS = {
  damaged: ["Dit bestand is beschadigd, bijvoorbeeld onderweg afgekapt. Vraag het nog een keer aan.",
    "This file is damaged, cut short on its way perhaps. Ask for it once more."],
  newer: ["Dit bestand past niet bij deze pagina: het is nieuwer, of iemand heeft het veranderd. Vraag het nog een keer aan.",
    "This file does not belong to this page: it is newer, or somebody changed it. Ask for it once more."],
  unfit: ["Deze woorden passen niet bij dit bestand. Kijk of je de goede zes hebt, in de goede volgorde.",
    "These words do not fit this file. See whether you have the right six, in the right order."],
  word: ["Woord {n} wordt niet herkend. Kijk het nog eens na, of vraag ernaar.",
    "Word {n} is not understood. Look at it once more, or ask about it."],
  fewer: ["Het moeten zes woorden zijn. Je hebt er nu {n}.", "It takes six words. You have {n} now."],
  browser: ["Deze browser kan het bestand niet openen. Neem een nieuwere versie van Firefox, Chrome, Edge of Safari.",
    "This browser cannot open the file. Take a newer version of Firefox, Chrome, Edge or Safari."],
  busy: ["Een ogenblik …", "One moment …"],
  locked: ["Het bestand is weer op slot.", "The file is locked again."],
  saved: ["Bewaard als tekst.", "Saved as text."],
  one: ["Eén notitie, met de volledige tekst.", "One note, with its full text."],
  many: ["{n} notities, elk met de volledige tekst. De volgorde is willekeurig.", "{n} notes, each with its full text. Their order is random."],
  note: ["Notitie {n}", "Note {n}"],
  month: ["Werd bij het maken van dit bestand nog ten hoogste een maand bewaard.", "When this file was made, it was to be kept for one more month at most."],
  months: ["Werd bij het maken van dit bestand nog ten hoogste {n} maanden bewaard.", "When this file was made, it was to be kept for {n} more months at most."],
  file: ["notities.txt", "notes.txt"],
  title: ["Bestand op slot", "Locked file"],
};

const $ = id => document.getElementById(id);

function say(name, number) {
  return SAYS[name][document.documentElement.lang === "en" ? 1 : 0].replace("{n}", number);
}

// what is said stays right when the language changes
function tell(place, name, number = "") {
  Object.assign(place.dataset, { name, number });
  place.textContent = name ? say(name, number) : "";
}

function speak(language) {
  document.documentElement.lang = language;
  document.title = say("title");
  for (const button of document.querySelectorAll("[data-lang]")) {
    button.setAttribute("aria-pressed", button.dataset.lang === language);
  }
  for (const place of document.querySelectorAll("[data-name]")) tell(place, place.dataset.name, place.dataset.number);
}

function refuse(name, number) {
  tell($("problem"), name, number);
  $("words").setAttribute("aria-invalid", "true");
  $("words").focus();
}

function element(tag, kind, name, number) {
  const made = document.createElement(tag);
  if (kind) made.className = kind;
  if (name) tell(made, name, number);
  return made;
}

function show(found) {
  const all = document.createDocumentFragment();
  found.notes.forEach((note, at) => {
    const article = element("article"), text = element("p", "text");
    text.textContent = note.text;
    text.dir = "auto";
    article.append(element("h2", "", "note", at + 1), text);
    const left = note.months_left;
    if (Number.isInteger(left)) article.append(element("p", "small", left === 1 ? "month" : "months", left));
    all.append(article);
  });
  $("notes").replaceChildren(all);
  tell($("count"), found.notes.length === 1 ? "one" : "many", found.notes.length);
  $("locked").hidden = true;
  $("open").hidden = false;
  $("title").focus();
}

// 4.5
function lock() {
  $("notes").replaceChildren();
  $("words").value = "";
  $("open").hidden = true;
  $("locked").hidden = false;
}

function save() {
  const texts = [...document.querySelectorAll("article")].map(article =>
    article.querySelector("h2").textContent + "\n\n" + article.querySelector(".text").textContent + "\n");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([texts.join("\n\n")], { type: "text/plain;charset=utf-8" }));
  link.download = say("file");
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

async function submit(box, list) {
  const words = read(list, $("words").value);
  if (typeof words === "number") return refuse("word", words);
  if (words.length !== 6) return refuse("fewer", words.length);
  tell($("busy"), "busy");
  $("go").disabled = true;
  try {
    const found = await unseal(box, words.join(" "));
    $("words").value = "";
    $("words").removeAttribute("aria-invalid");
    tell($("problem"), "");
    show(found);
  } catch (error) {
    refuse(error instanceof Told ? error.message : "browser");
  } finally {
    $("go").disabled = false;
    tell($("busy"), "");
  }
}

async function start() {
  $("form").onsubmit = event => event.preventDefault();
  $("app").hidden = false;
  speak(document.documentElement.lang);
  for (const button of document.querySelectorAll("[data-lang]")) button.onclick = () => speak(button.dataset.lang);
  let box;
  try {
    if (!globalThis.crypto || !crypto.subtle) throw new Told("browser");
    box = await parse(bytes($("box").textContent));
  } catch (error) {
    // nobody types a code for a file that can't be opened
    for (const part of [$("hint"), $("words"), $("go"), document.querySelector("label")]) part.hidden = true;
    return tell($("problem"), error instanceof Told ? error.message : "browser");
  }
  const list = $("list").textContent.split(" ");
  $("form").onsubmit = event => { event.preventDefault(); submit(box, list); };
  $("words").oninput = () => { tell($("problem"), ""); $("words").removeAttribute("aria-invalid"); };
  $("print").onclick = () => print();
  $("save").onclick = save;
  $("lock").onclick = () => { lock(); tell($("busy"), "locked"); $("words").focus(); };
  addEventListener("pagehide", lock);
  $("words").focus();
}

start();
