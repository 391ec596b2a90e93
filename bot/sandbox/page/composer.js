// Everything below the messages: the text field, the menu of commands, answer keys, replies, places.

const PLACES = [
  ["London", 51.5074, -0.1278],
  ["Leeds", 53.7997, -1.5492],
  ["Anaheim", 33.8366, -117.9143],
  ["Brooklyn", 40.6782, -73.9442],
  ["Philadelphia", 39.9526, -75.1652],
  ["Dublin", 53.3498, -6.2603],
  ["Madrid", 40.4168, -3.7038],
  ["Mexico City", 19.4326, -99.1332],
  ["Sydney", -33.8688, 151.2093],
];
const HINT = "Write a message";
const find = (id) => document.getElementById(id);

export class Composer {
  /** `act`: say(text, replyTo), start(), location(lat, lon), sample(kind), file(File), key(label), excerpt(id), toast. */
  constructor(act) {
    this.act = act;
    this.commands = [];
    this.keyboard = null;
    this.entry = find("entry");
    this.wire();
    this.fillPlaces();
  }

  wire() {
    find("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.entry.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.submit();
      }
    });
    this.entry.addEventListener("input", () => {
      this.fit();
      this.suggest();
    });
    find("start").addEventListener("click", () => this.act.start());
    find("menu").addEventListener("click", () => this.showCommands(find("commands").hidden ? this.commands : []));
    find("share").addEventListener("click", () => find("places").showModal());
    find("reply-cancel").addEventListener("click", () => this.dropReply());
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !find("commands").hidden) {
        this.showCommands([]);
        this.entry.focus();
      }
    });
  }

  fillPlaces() {
    for (const [name, latitude, longitude] of PLACES) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = name;
      button.addEventListener("click", () => this.share(latitude, longitude));
      find("place-list").append(button);
    }
    find("coordinates").addEventListener("submit", (event) => {
      event.preventDefault();
      this.share(number("latitude"), number("longitude"));
    });
    for (const button of find("samples").children) {
      button.addEventListener("click", () => {
        find("places").close();
        this.act.sample(button.dataset.kind);
      });
    }
    find("own-file").addEventListener("change", (event) => {
      const [file] = event.target.files;
      find("places").close();
      if (file) this.act.file(file);
      event.target.value = "";
    });
  }

  share(latitude, longitude) {
    if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) {
      this.act.toast("Latitude is between -90 and 90, longitude between -180 and 180.");
      return;
    }
    find("places").close();
    this.act.location(latitude, longitude);
  }

  async submit() {
    const text = this.entry.value.trim();
    if (!text) return;
    const replyTo = this.keyboard?.force_reply ? this.keyboard.message_id : null;
    this.entry.value = "";
    this.fit();
    this.showCommands([]);
    const sent = await this.act.say(text, replyTo);
    if (!sent) {
      this.entry.value = text;
      this.fit();
    }
  }

  fit() {
    this.entry.style.height = "auto";
    this.entry.style.height = `${Math.min(this.entry.scrollHeight + 2, 160)}px`;
  }

  // -- commands

  setCommands(commands) {
    this.commands = commands;
    find("menu").hidden = commands.length === 0;
    if (!find("commands").hidden) this.showCommands(commands);
  }

  suggest() {
    const typed = this.entry.value;
    const open = /^\/\w*$/.test(typed);
    this.showCommands(open ? this.commands.filter((one) => `/${one.command}`.startsWith(typed)) : []);
  }

  showCommands(commands) {
    const panel = find("commands");
    panel.replaceChildren(...commands.map((one) => this.commandRow(one)));
    panel.hidden = commands.length === 0;
    find("menu").setAttribute("aria-expanded", String(!panel.hidden));
  }

  commandRow(one) {
    const button = document.createElement("button");
    button.type = "button";
    const name = document.createElement("b");
    name.textContent = `/${one.command}`;
    const words = document.createElement("span");
    words.textContent = one.description;
    button.append(name, " ", words);
    button.addEventListener("click", () => {
      this.showCommands([]);
      this.entry.value = "";
      this.entry.focus();
      this.act.say(`/${one.command}`, null);
    });
    return button;
  }

  // -- keyboards and replies

  /** What the bot wants below the chat: answer keys, a reply, or nothing. */
  setFooter({ keyboard, started, blocked }) {
    this.keyboard = keyboard;
    const held = find("start") === document.activeElement || find("keys").contains(document.activeElement);
    find("start").hidden = started && !blocked;
    find("start").textContent = blocked ? "Unblock the bot" : "Start";
    find("form").hidden = !started || blocked;
    this.drawKeys(blocked ? null : keyboard);
    this.drawReply(blocked ? null : keyboard);
    this.entry.placeholder = keyboard?.input_field_placeholder ?? HINT;
    if (held) this.takeFocus();
  }

  /** What had the focus is gone: the text field takes it, or the messages where it would raise a keyboard. */
  takeFocus() {
    const active = document.activeElement;
    if (active !== document.body && active.checkVisibility()) return;
    const typing = !find("form").hidden && matchMedia("(pointer: fine)").matches;
    (typing ? this.entry : find("log")).focus({ preventScroll: true });
  }

  drawKeys(keyboard) {
    const panel = find("keys");
    const rows = keyboard?.keyboard ?? [];
    panel.hidden = rows.length === 0;
    panel.replaceChildren(
      ...rows.map((row) => {
        const line = document.createElement("div");
        line.className = "row";
        line.append(...row.map((key) => this.answerKey(key)));
        return line;
      }),
    );
  }

  answerKey(key) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "key";
    button.textContent = key.text;
    button.addEventListener("click", () => {
      if (key.request_location) find("places").showModal();
      else this.act.key(key.text);
    });
    return button;
  }

  drawReply(keyboard) {
    const wanted = Boolean(keyboard?.force_reply);
    find("replying").hidden = !wanted;
    if (!wanted) return;
    find("replying-to").textContent = this.act.excerpt(keyboard.message_id);
    this.entry.focus();
  }

  dropReply() {
    this.keyboard = null;
    find("replying").hidden = true;
    this.entry.placeholder = HINT;
    this.entry.focus();
  }
}

const number = (id) => (find(id).value.trim() ? Number(find(id).value.trim().replace(",", ".")) : NaN);
