// One message as an element: words, attachment, buttons, time.

import { fileAddress } from "./server.js";
import { richText, startPayload } from "./richtext.js";

function make(tag, className, ...content) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...content);
  return made;
}

const clock = (unix) => new Date(unix * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

/** A list item for a message. `act`: press(message, button), command, start, copy, toast, botName, language. */
export function bubble(message, act) {
  const item = make("li", `message ${message.from}`);
  item.dataset.id = message.message_id;
  const card = make("article", "bubble");
  card.append(make("span", "unseen", message.from === "bot" ? `${act.botTitle}: ` : "You: "));
  if (message.reply_to) card.append(make("p", "quote", act.excerpt(message.reply_to)));
  card.append(...attachment(message));
  if (message.text) {
    const words = make("div", "words", richText(message.text, message.entities, act));
    words.lang = act.language;
    card.append(words);
  }
  card.append(stamp(message));
  item.append(card);
  if (message.buttons.length) item.append(keyboard(message, act));
  return item;
}

function stamp(message) {
  const time = make("time", "", clock(message.date));
  time.dateTime = new Date(message.date * 1000).toISOString();
  const made = make("p", "stamp");
  if (message.edit_date) made.append("edited ");
  if (message.silent) made.append("silent ");
  made.append(time);
  return made;
}

function attachment(message) {
  switch (message.kind) {
    case "photo": {
      const image = make("img", "photo");
      image.src = fileAddress(message.file.id);
      image.width = message.file.width;
      image.height = message.file.height;
      image.alt = message.text ? "Photo" : "Photo without a description";
      return [image];
    }
    case "document":
      return [download(message.file)];
    case "voice":
      return [make("p", "thing", "Voice note")];
    case "sticker":
      return [make("p", "thing", "Sticker")];
    case "contact":
      return [make("p", "thing", "Contact")];
    case "location":
      return [place("Location", message.location)];
    case "venue":
      return [place(message.venue.title, message.venue.location, message.venue.address)];
    default:
      return [];
  }
}

function download(file) {
  const link = make("a", "file", make("b", "", file.name), make("span", "", size(file.size)));
  link.href = fileAddress(file.id);
  link.download = file.name;
  return link;
}

const size = (bytes) => (bytes < 1024 ? `${bytes} B` : bytes < 1048576 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1)} MB`);

function place(title, point, address) {
  const made = make("p", "thing place", make("b", "", title));
  if (address) made.append(make("span", "", address));
  made.append(make("span", "", `${point.latitude.toFixed(4)}, ${point.longitude.toFixed(4)}`));
  return made;
}

function keyboard(message, act) {
  const group = make("div", "buttons");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", "Buttons");
  group.lang = act.language;
  for (const row of message.buttons) {
    group.append(make("div", "row", ...row.map((button) => key(message, button, act))));
  }
  return group;
}

function key(message, button, act) {
  const payload = button.kind === "url" ? startPayload(button.url, act.botName) : null;
  if (button.kind === "url" && payload === null) return outside(button);
  const made = make("button", `key ${button.style}`, button.text);
  made.type = "button";
  if (button.kind === "copy") made.append(make("span", "unseen", " (copies)"), mark(COPY));
  made.addEventListener("click", () => {
    if (button.kind === "callback") act.press(message, button, made);
    else if (payload !== null) act.start(payload);
    else if (button.kind === "copy") act.copy(button.copy);
    else act.toast(`This preview has no ${button.kind} buttons.`);
  });
  return made;
}

function outside(button) {
  const link = make("a", `key ${button.style}`, button.text, make("span", "unseen", " (opens a new tab)"), mark(AWAY));
  link.href = button.url;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  return link;
}

const COPY = "M9 9h10v10H9zM15 5H5v10";
const AWAY = "M8 16 17 7M9 7h8v8";

function mark(shape) {
  const space = "http://www.w3.org/2000/svg";
  const made = document.createElementNS(space, "svg");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", shape);
  made.setAttribute("viewBox", "0 0 24 24");
  made.setAttribute("class", "mark");
  made.setAttribute("aria-hidden", "true");
  made.append(path);
  return made;
}

/** A line that says which day it is. */
export function dayLine(unix) {
  const date = new Date(unix * 1000);
  const today = new Date().toDateString() === date.toDateString();
  const words = today ? "Today" : date.toLocaleDateString([], { weekday: "long", day: "numeric", month: "long" });
  return make("li", "day", make("span", "", words));
}
