// Who is signed in, in this tab only, and asking on their behalf.
const KEY = "knowhow.session";

export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export function session() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY));
  } catch {
    return null;
  }
}

export function begin(token, person) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ token, person }));
  } catch {
    throw new Refused(0, "This browser keeps nothing for this page; allow it to store data for this tab.");
  }
  tell();
}

export function end() {
  sessionStorage.removeItem(KEY);
  tell();
}

export function onSession(then) {
  addEventListener("knowhow-session", () => then(session()));
}

function tell() {
  dispatchEvent(new Event("knowhow-session"));
}

// What is at a path, as whoever is signed in; a refusal carries the sentence that the house answers with.
export async function ask(path, wish = {}) {
  const answer = await send(path, wish);
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(answer.status, body.detail ?? "The house did not answer as expected; try again.");
  return body;
}

// The answer itself; a sign-in that the house no longer accepts is ended.
export async function send(path, { headers = {}, ...rest }) {
  const token = session()?.token;
  const authorization = token ? { Authorization: `Bearer ${token}` } : {};
  const answer = await fetch(path, { ...rest, headers: { ...headers, ...authorization } }).catch(() => {
    throw new Refused(0, "The house does not answer; see whether it still runs.");
  });
  if (answer.status === 401 && token && token === session()?.token) end();
  return answer;
}
