// Calls to the hub: JSON in and out, no cookies, a deadline, and one kind of failure.

const DEADLINE_MS = 15000;

/** status 0 = the hub was not reached (or not in time); retryAfter in seconds. */
export class Refusal extends Error {
  constructor(status, code, retryAfter = 0) {
    super(code);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/** call(method, path, {token, body, signal}) -> the parsed response (null for 204), or throws Refusal. */
export function createHttp(hub, { fetch, deadline = DEADLINE_MS }) {
  return async function call(method, path, { token, body } = {}) {
    const cut = new AbortController();
    const timer = setTimeout(() => cut.abort(), deadline);
    try {
      const response = await fetch(hub + path, request(method, token, body, cut.signal));
      return await understood(response);
    } catch (error) {
      throw error instanceof Refusal ? error : new Refusal(0, "network");
    } finally {
      clearTimeout(timer);
    }
  };
}

export function request(method, token, body, signal) {
  const headers = {};
  if (token) headers.Authorization = "Bearer " + token;
  if (body) headers["Content-Type"] = "application/json";
  return {
    method,
    headers,
    signal,
    body: body && JSON.stringify(body),
    credentials: "omit",
    cache: "no-store",
  };
}

async function understood(response) {
  if (response.status === 204) return null;
  if (response.ok) return await response.json(); // half a response, as when the page is left, is none
  throw refusal(response, await response.json().catch(() => ({})));
}

export function refusal(response, body) {
  const code = body && body.error && body.error.code;
  return new Refusal(
    response.status,
    code || "http_" + response.status,
    Number(response.headers.get("Retry-After")) || 0,
  );
}
