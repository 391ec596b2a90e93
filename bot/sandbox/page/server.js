// Talking to the sandbox: one bot (?bot=token, else the default one), JSON both ways.

const bot = new URLSearchParams(location.search).get("bot");

function address(path) {
  const url = new URL(`/sandbox/${path}`, location.href);
  if (bot) url.searchParams.set("bot", bot);
  return url;
}

async function ask(path, options) {
  const response = await fetch(address(path), options);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error ?? response.statusText);
  return answer;
}

export const get = (path) => ask(path);

export const post = (path, body = {}) =>
  ask(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });

export const fileAddress = (id) => address(`files/${encodeURIComponent(id)}`).href;

/** Live events of a chat; `lost(forGood)` is called while the connection is down. Returns a function that ends it. */
export function listen(chat, heard, lost) {
  const source = new EventSource(address(`chats/${chat}/events`));
  source.onmessage = (event) => heard(JSON.parse(event.data));
  source.onerror = () => lost(source.readyState === EventSource.CLOSED);
  return () => source.close();
}
