// The page: who you are, the live chat, and what comes up beside it.

import { Chat } from "./chat.js";
import { Composer } from "./composer.js";
import { get, listen, post } from "./server.js";

const TOAST_MS = 5000;
const TYPING_MS = 5000;
const BUSY_MS = 15000;
const RETRY_MS = 1000;
const find = (id) => document.getElementById(id);

const page = { person: null, people: [], stop: null, typing: 0, toast: 0, profile: null, drawn: "" };

const act = {
  botName: "",
  botTitle: "The bot",
  language: "en",
  excerpt: (id) => chat.excerpt(id),
  toast,
  press,
  copy,
  command: (text) => say(text, null),
  start: (payload = "") => (find("start").textContent === "Unblock the bot" ? unblock() : say(`/start ${payload}`.trim(), null)),
  say,
  key: (label) => deed("press", { label }),
  location: (latitude, longitude) => deed("location", { latitude, longitude }),
  file: sendFile,
  sample: (kind) => deed("file", { kind, name: kind === "document" ? "sample.txt" : "" }),
};
const chat = new Chat(act);
const composer = new Composer(act);

// -- deeds

async function deed(name, body = {}) {
  try {
    await post(`chats/${page.person.id}/${name}`, body);
    return true;
  } catch (error) {
    toast(error.message);
    return false;
  }
}

function sendFile(file) {
  const reader = new FileReader();
  reader.addEventListener("load", () => {
    const content = reader.result.slice(reader.result.indexOf(",") + 1); // what follows "data:…;base64,"
    deed("file", { kind: "document", name: file.name, content });
  });
  reader.addEventListener("error", () => toast(`${file.name} cannot be read.`));
  reader.readAsDataURL(file);
}

function say(text, replyTo) {
  return deed("say", { text, reply_to: replyTo });
}

async function press(message, button, key) {
  key.setAttribute("aria-busy", "true");
  setTimeout(() => key.removeAttribute("aria-busy"), BUSY_MS);
  const done = await deed("press", { message_id: message.message_id, data: button.data });
  if (!done) key.removeAttribute("aria-busy");
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast(`Copied: ${text}`);
  } catch {
    toast(`Copy this: ${text}`);
  }
}

async function unblock() {
  await deed("unblock");
}

// -- what comes up

function toast(text) {
  const place = find("toast");
  place.textContent = text;
  clearTimeout(page.toast);
  page.toast = setTimeout(() => (place.textContent = ""), TOAST_MS);
}

function answered(event) {
  chat.settle();
  if (event.url) toast(`The bot wants to open ${event.url}`);
  if (!event.text) return;
  if (!event.show_alert) return toast(event.text);
  find("alert-text").textContent = event.text;
  find("alert").showModal();
}

function typing(on) {
  clearTimeout(page.typing);
  find("typing").hidden = !on;
  if (on) page.typing = setTimeout(() => typing(false), TYPING_MS);
}

// -- live events

const heard = {
  snapshot(event) {
    showStatus(event.status);
    showProfile(event.profile);
    chat.replace(event.messages);
    showFooter(event);
  },
  message(event) {
    if (event.message.from === "bot") {
      typing(false);
      chat.settle();
    }
    chat.put(event.message);
    showWelcome();
  },
  deleted: (event) => chat.remove(event.message_id),
  footer: (event) => showFooter(event),
  answer: (event) => answered(event),
  action: () => typing(true),
  profile: (event) => showProfile(event),
  status: (event) => showStatus(event),
  cleared() {
    chat.replace([]);
    showWelcome();
  },
};

function showFooter(event) {
  const near = chat.nearEnd();
  composer.setFooter(event);
  find("block").textContent = event.blocked ? "Unblock the bot" : "Block the bot";
  showWelcome();
  if (near) chat.toEnd();
}

function showWelcome() {
  const empty = chat.messages.size === 0;
  find("welcome").hidden = !empty;
  find("welcome-name").textContent = page.profile?.name ?? "";
  find("welcome-text").textContent = page.profile?.description || "Press Start to begin.";
}

function showProfile(profile) {
  page.profile = profile;
  act.botTitle = profile.name;
  find("bot-name").textContent = profile.name;
  composer.setCommands(profile.commands);
  showWelcome();
}

function showStatus(status) {
  act.botName = status.bot.username;
  page.people = status.people;
  const words = status.connected ? "Listening" : "Not connected";
  if (find("bot-status").textContent !== words) find("bot-status").textContent = words;
  find("bot-status").dataset.on = String(status.connected);
  find("offline").hidden = status.connected;
  drawPeople();
}

// -- people

function drawPeople() {
  const drawn = page.people.map((one) => `${one.id}${one.first_name}`).join();
  // An open list would close if it were drawn anew.
  if (page.drawn !== drawn) {
    find("person").replaceChildren(
      ...page.people.map((one) => new Option(`${one.first_name} (${one.language_code ?? "en"})`, one.id)),
    );
    page.drawn = drawn;
  }
  if (page.person) find("person").value = String(page.person.id);
}

function become(person) {
  page.person = person;
  act.language = person.language_code ?? "en";
  history.replaceState(null, "", `#${person.id}`);
  drawPeople();
  typing(false);
  page.stop?.();
  page.stop = listen(
    person.id,
    (event) => heard[event.type]?.(event),
    lost,
  );
}

function lost(forGood) {
  find("bot-status").textContent = "The preview has stopped";
  find("bot-status").dataset.on = "false";
  // A sandbox that started anew does not know this chat: begin anew with it.
  if (forGood) setTimeout(() => begin().catch(() => lost(true)), RETRY_MS);
}

const NAMES = ["Kim", "Alex", "Noor", "Jo", "Luz", "Max", "Bea", "Ira"];

async function addPerson(language) {
  find("more").open = false;
  const name = NAMES[page.people.length % NAMES.length];
  const person = await post("people", { first_name: name, language_code: language });
  page.people.push(person);
  become(person);
}

function wire() {
  find("person").addEventListener("change", (event) => {
    become(page.people.find((one) => String(one.id) === event.target.value));
  });
  find("new-en").addEventListener("click", () => addPerson("en"));
  find("new-es").addEventListener("click", () => addPerson("es"));
  find("clear").addEventListener("click", async () => {
    find("more").open = false;
    await deed("clear");
  });
  find("block").addEventListener("click", async () => {
    find("more").open = false;
    await deed(find("block").textContent.startsWith("Block") ? "block" : "unblock");
  });
  document.addEventListener("click", (event) => {
    if (!find("more").contains(event.target)) find("more").open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && find("more").open) {
      find("more").open = false;
      find("more").firstElementChild.focus();
    }
  });
}

async function begin() {
  const status = await get("hello");
  showStatus(status);
  const wanted = location.hash.slice(1);
  become(status.people.find((one) => String(one.id) === wanted) ?? status.people[0]);
}

wire();
begin().catch((error) => toast(error.message));
