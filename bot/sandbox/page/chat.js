// The messages of one chat: kept by number, drawn once, replaced in place when edited.

import { bubble, dayLine } from "./bubbles.js";

const NEAR_PX = 120;

export class Chat {
  constructor(act) {
    this.act = act;
    this.messages = new Map();
    this.log = document.getElementById("log");
    this.list = document.getElementById("messages");
    this.latest = document.getElementById("latest");
    this.atEnd = true;
    this.log.addEventListener("scroll", () => this.offerLatest(), { passive: true });
    // Keys and menus below take room: whoever was at the end stays there.
    new ResizeObserver(() => this.atEnd && this.toEnd()).observe(this.log);
    this.latest.addEventListener("click", () => this.toEnd());
  }

  /** Draw a whole chat. */
  replace(messages) {
    // Old messages are not news: they are not read out one by one.
    this.log.setAttribute("aria-live", "off");
    this.messages.clear();
    this.list.replaceChildren();
    for (const message of messages) this.put(message);
    this.toEnd();
    requestAnimationFrame(() => this.log.setAttribute("aria-live", "polite"));
  }

  /** Show a new message, or an old one anew. */
  put(message) {
    const near = this.nearEnd();
    const old = this.list.querySelector(`[data-id="${message.message_id}"]`);
    const drawn = bubble(message, this.act);
    if (old) {
      this.swap(old, drawn);
    } else {
      const last = [...this.messages.values()].at(-1);
      if (!last || day(last) !== day(message)) this.list.append(dayLine(message.date));
      this.list.append(drawn);
    }
    this.messages.set(message.message_id, message);
    if (near || message.from === "person") this.toEnd();
    else this.offerLatest();
  }

  swap(old, drawn) {
    // The press that caused the edit keeps its place for people who use a keyboard.
    const keys = [...old.querySelectorAll("button, a[href]")];
    const held = keys.indexOf(document.activeElement);
    old.replaceWith(drawn);
    if (held < 0) return;
    const fresh = [...drawn.querySelectorAll("button, a[href]")];
    (fresh[Math.min(held, fresh.length - 1)] ?? this.log).focus({ preventScroll: true });
  }

  remove(number) {
    this.messages.delete(number);
    const gone = this.list.querySelector(`[data-id="${number}"]`);
    if (gone?.contains(document.activeElement)) this.log.focus({ preventScroll: true });
    gone?.remove();
  }

  excerpt(number) {
    const text = this.messages.get(number)?.text ?? "a message";
    return text.length > 90 ? `${text.slice(0, 88)}…` : text;
  }

  /** The answer to a press came: its button rests. */
  settle() {
    for (const key of this.list.querySelectorAll("[aria-busy]")) key.removeAttribute("aria-busy");
  }

  nearEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR_PX;
  }

  toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
    this.atEnd = true;
    this.latest.hidden = true;
  }

  offerLatest() {
    this.atEnd = this.nearEnd();
    this.latest.hidden = this.atEnd;
  }
}

const day = (message) => new Date(message.date * 1000).toDateString();
