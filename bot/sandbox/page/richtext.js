// Text with entities (UTF-16 offsets, as JavaScript counts) becomes elements; never HTML from a string.

const PLAIN = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
};

const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);

/** Elements for `text`. `act` has command(text), start(payload) and `botName` for links to the bot itself. */
export function richText(text, entities, act) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return range(text, 0, text.length, sorted, act);
}

function range(text, from, to, entities, act) {
  const out = document.createDocumentFragment();
  let at = from;
  for (let i = 0; i < entities.length; ) {
    const entity = entities[i];
    const end = Math.min(entity.offset + entity.length, to);
    let next = i + 1;
    while (next < entities.length && entities[next].offset < end) next += 1;
    if (entity.offset >= at) {
      out.append(text.slice(at, entity.offset));
      const inside = range(text, entity.offset, end, entities.slice(i + 1, next), act);
      out.append(wrap(entity, inside, text.slice(entity.offset, end), act));
      // A block stands on its own lines already.
      at = BLOCKS.has(entity.type) && text[end] === "\n" ? end + 1 : end;
    }
    i = next;
  }
  out.append(text.slice(at, to));
  return out;
}

function element(tag, content, className) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(content);
  return made;
}

function wrap(entity, inside, words, act) {
  switch (entity.type) {
    case "text_link":
      return link(entity.url, inside, act);
    case "url":
      return link(/^[a-z]+:/i.test(words) ? words : `https://${words}`, inside, act);
    case "email":
      return link(`mailto:${words}`, inside, act);
    case "bot_command":
      return press("link", inside, () => act.command(words));
    case "expandable_blockquote":
      return expandable(inside);
    case "spoiler":
      return spoiler(inside);
    case "date_time":
      return moment(entity, inside);
    default:
      return PLAIN[entity.type] ? element(PLAIN[entity.type], inside) : inside;
  }
}

function press(className, content, action) {
  const made = element("button", content, className);
  made.type = "button";
  made.addEventListener("click", action);
  return made;
}

/** The payload of https://t.me/<bot>?start=…, null for every other address. */
export function startPayload(address, botName) {
  let url;
  try {
    url = new URL(address);
  } catch {
    return null;
  }
  const mine = ["t.me", "telegram.me"].includes(url.hostname) && url.pathname.toLowerCase() === `/${botName}`.toLowerCase();
  if (!mine) return null;
  const payload = url.searchParams.get("start") ?? "";
  return /^[A-Za-z0-9_-]{1,64}$/.test(payload) ? payload : "";
}

function link(address, inside, act) {
  const payload = startPayload(address, act.botName);
  if (payload !== null) return press("link", inside, () => act.start(payload));
  const made = element("a", inside);
  if (/^(https?|mailto|tg):/i.test(address)) made.href = address;
  made.target = "_blank";
  made.rel = "noopener noreferrer";
  return made;
}

function expandable(inside) {
  const quote = element("blockquote", inside, "folded");
  const holder = element("div", quote, "expandable");
  const more = press("link", "Show more", () => {
    more.textContent = quote.classList.toggle("folded") ? "Show more" : "Show less";
  });
  holder.append(more);
  return holder;
}

function spoiler(inside) {
  const made = press("spoiler", element("span", inside), () => made.replaceWith(...made.firstChild.childNodes));
  made.setAttribute("aria-label", "Hidden text. Press to show it.");
  return made;
}

const PARTS = {
  w: { weekday: "long" },
  d: { day: "numeric", month: "numeric", year: "2-digit" },
  D: { day: "numeric", month: "long", year: "numeric" },
  t: { hour: "2-digit", minute: "2-digit" },
  T: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
};

function moment(entity, inside) {
  const made = document.createElement("time");
  const date = new Date(entity.unix_time * 1000);
  const form = entity.date_time_format ?? "";
  made.dateTime = date.toISOString();
  made.title = date.toLocaleString();
  if (!form) made.append(inside);
  else if (form.toLowerCase() === "r") made.textContent = relative(date);
  else made.textContent = date.toLocaleString(undefined, Object.assign({}, ...[...form].map((c) => PARTS[c] ?? PARTS.w)));
  return made;
}

function relative(date) {
  const minutes = Math.round((date - Date.now()) / 60000);
  const words = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
  if (Math.abs(minutes) < 60) return words.format(minutes, "minute");
  if (Math.abs(minutes) < 48 * 60) return words.format(Math.round(minutes / 60), "hour");
  return words.format(Math.round(minutes / 1440), "day");
}
