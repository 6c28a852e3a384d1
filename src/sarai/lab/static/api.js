// Asking the server: the newest question wins, older ones are taken back, answers are remembered.
const REMEMBERED = 40;
const kept = new Map();

export async function post(url, body, signal) {
  const reply = await fetch(url, { method: "POST", signal, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  if (reply.ok) return reply;
  let faults = [];
  try { faults = (await reply.json()).faults ?? []; } catch { /* no sentence came with it */ }
  throw new Error(faults.length ? faults.join("\n") : "The server could not answer. Try again in a moment.");
}
export async function compare(changes, signal) {
  const key = JSON.stringify(changes);
  if (kept.has(key)) return kept.get(key);
  const answer = await (await post("api/compare", { changes }, signal)).json();
  kept.set(key, answer);
  if (kept.size > REMEMBERED) kept.delete(kept.keys().next().value);
  return answer;
}

let running = null;
export async function ask(changes) {
  running?.abort();
  const mine = (running = new AbortController());
  try {
    return await compare(changes, mine.signal);
  } catch (error) {
    if (error.name === "AbortError" || mine !== running) return null;
    throw error instanceof TypeError ? new Error("The lab's server does not answer. Start it again with sarai serve.") : error;
  }
}
