// One visitor per person: opened when they act, renewed when refused, gone when they leave. Over real HTTP.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Area, sleep, startHub, widget } from "./helpers.mjs";

const { Refusal, createHttp } = await widget("chat/http.js");
const { createSession } = await widget("chat/session.js");
const { openBox } = await widget("chat/storage.js");
const { underLock } = await widget("chat/lock.js");

const hubs = [];
after(() => Promise.all(hubs.map((hub) => hub.stop())));

async function hubThat(answer) {
  const hub = await startHub(answer);
  hubs.push(hub);
  return hub;
}

/** A hub that knows tokens: gives a new one for an unknown one, refuses calls with one it does not know. */
async function tokenHub({ slow = 0 } = {}) {
  const known = new Set();
  const hub = await hubThat(async ({ path, token, body }) => {
    await sleep(slow);
    if (path === "/widget/session") {
      const visitorToken = known.has(body.visitorToken) ? body.visitorToken : "t" + (known.size + 1);
      known.add(visitorToken);
      return { json: { visitorToken, visitor: { id: "v" }, conversation: null, change: 0 } };
    }
    return known.has((token || "").slice(7))
      ? { json: { ok: true } }
      : { status: 401, json: { error: { code: "token_invalid" } } };
  });
  return Object.assign(hub, {
    known,
    forget: () => known.clear(),
    sessions: () => hub.seen.filter((one) => one.path === "/widget/session"),
  });
}

function sessionAt(hub, { area = new Area(), locks = null } = {}) {
  const opened = [];
  const box = openBox("me", () => area);
  const session = createSession({
    http: createHttp(hub.url, { fetch }),
    box,
    site: "s",
    locale: "ru",
    page: () => ({ url: "https://shop.example/" }),
    locks,
    onOpened: (answer) => opened.push(answer),
  });
  return { session, area, box, opened };
}

test("nothing is asked and nothing is stored until it is needed", async () => {
  const hub = await tokenHub();
  const { session, area } = sessionAt(hub);
  assert.deepEqual([session.known(), session.active()], [false, false]);
  assert.deepEqual([hub.seen, Object.keys(area)], [[], []]);
});

test("many calls at once open one session", async () => {
  const hub = await tokenHub({ slow: 20 });
  const { session, opened } = sessionAt(hub);
  await Promise.all([1, 2, 3, 4].map(() => session.call("GET", "/widget/messages")));
  assert.equal(hub.sessions().length, 1);
  assert.equal(opened.length, 1);
});

test("the next page comes back as the same visitor", async () => {
  const hub = await tokenHub();
  const first = sessionAt(hub);
  const token = await first.session.token();
  const next = sessionAt(hub, { area: first.area });
  assert.ok(next.session.known());
  assert.ok(!next.session.active(), "known is not yet opened");
  assert.equal(await next.session.token(), token);
});

test("a refused token is replaced and the call repeated, once", async () => {
  const hub = await tokenHub();
  const { session } = sessionAt(hub);
  await session.token();
  hub.forget();
  assert.deepEqual(await session.call("GET", "/widget/messages"), { ok: true });
  assert.equal(hub.sessions().length, 2);
  assert.equal(hub.sessions()[1].body.visitorToken, "t1", "the hub decides what becomes of the old one");
});

test("a hub that refuses every token is not asked for ever", async () => {
  const hub = await hubThat(({ path }) =>
    path === "/widget/session"
      ? { json: { visitorToken: "t", conversation: null, change: 0 } }
      : { status: 401, json: {} },
  );
  const { session } = sessionAt(hub);
  await assert.rejects(session.call("GET", "/x"), { status: 401, code: "http_401" });
  assert.equal(hub.seen.filter((one) => one.path === "/x").length, 2);
});

test("a session that could not be opened can be opened later", async () => {
  let up = false;
  const hub = await hubThat(() =>
    up ? { json: { visitorToken: "t", conversation: null, change: 0 } } : null,
  );
  const { session, area } = sessionAt(hub);
  await assert.rejects(session.token(), { status: 0 });
  assert.deepEqual(Object.keys(area), []);
  up = true;
  assert.equal(await session.token(), "t");
});

test("two tabs that write their first line at once become one visitor", async () => {
  const hub = await tokenHub({ slow: 20 });
  let last = Promise.resolve();
  const locks = { request: (name, options, job) => (last = last.then(job, job)) };
  const area = new Area();
  const [one, other] = [sessionAt(hub, { area, locks }), sessionAt(hub, { area, locks })];
  assert.equal(await one.session.token(), await other.session.token());
  assert.equal(hub.known.size, 1);
});

test("a signed identity goes with the session; an unsigned one does not leave the page", async () => {
  const hub = await tokenHub();
  const { session } = sessionAt(hub);
  session.identify({ id: "u1", name: "Ann" });
  await session.open();
  session.identify({ id: "u1", hash: "h" });
  await session.open();
  const [unsigned, signed] = hub.sessions().map((one) => one.body);
  assert.equal(unsigned.identity, undefined);
  assert.deepEqual(signed.identity, { id: "u1", hash: "h" });
  assert.deepEqual([signed.site, signed.locale, signed.page.url], ["s", "ru", "https://shop.example/"]);
});

test("an identity that the hub doubts is left out, and the visitor can still talk", async (t) => {
  const lines = t.mock.method(console, "info", () => {});
  const hub = await hubThat(({ body }) =>
    body.identity
      ? { status: 403, json: { error: { code: "identity_invalid" } } }
      : { json: { visitorToken: "t", conversation: null, change: 0 } },
  );
  const { session } = sessionAt(hub);
  session.identify({ id: "u1", hash: "wrong" });
  assert.equal(await session.token(), "t");
  assert.equal(lines.mock.callCount(), 1);
});

test("a page that may not embed the site gets the hub's no", async () => {
  const hub = await hubThat(() => ({ status: 403, json: { error: { code: "origin_not_allowed" } } }));
  const { session } = sessionAt(hub);
  session.identify({ id: "u1", hash: "h" });
  await assert.rejects(session.token(), { status: 403, code: "origin_not_allowed" });
});

test("another person at the same browser does not get the first one's conversation", async () => {
  const hub = await tokenHub();
  const { session, area } = sessionAt(hub);
  assert.equal(
    session.identify({ id: "u1" }),
    false,
    "an anonymous visitor who signs in keeps what was said",
  );
  const first = await session.open();
  assert.equal(session.identify({ id: "u1" }), false);
  assert.equal(session.identify({ id: "u2" }), true);
  assert.deepEqual(Object.keys(area), []);
  assert.notEqual(await session.open(), first);
});

test("sign-out forgets the visitor, also when a session is just being opened", async () => {
  const hub = await tokenHub({ slow: 30 });
  const { session, area, opened } = sessionAt(hub);
  session.identify({ id: "u1" });
  const late = session.open();
  await sleep(5);
  assert.equal(session.identify(null), true);
  await assert.rejects(late, { code: "signed_out", status: 0 });
  assert.deepEqual([Object.keys(area), opened, session.known()], [[], [], false]);
});

test("no cookie goes along, and the token only in its header", async () => {
  const hub = await tokenHub();
  const { session } = sessionAt(hub);
  await session.call("POST", "/widget/messages", { text: "x" });
  const call = hub.seen.at(-1);
  assert.equal(call.token, "Bearer t1");
  assert.ok(!call.path.includes("t1"));
});

// ---- http -------------------------------------------------------------------------------------------------

test("a refusal carries the hub's code and how long to wait", async () => {
  const hub = await hubThat(() => ({
    status: 429,
    headers: { "Retry-After": "9" },
    json: { error: { code: "rate_limited", message: "slow down" } },
  }));
  await assert.rejects(
    createHttp(hub.url, { fetch })("GET", "/"),
    (error) =>
      error instanceof Refusal &&
      error.status === 429 &&
      error.code === "rate_limited" &&
      error.retryAfter === 9,
  );
});

test("an answer that is no JSON, a cut line and silence are failures of their own", async () => {
  const html = await hubThat(
    (asked, response) =>
      void response.writeHead(502, { "Content-Type": "text/html" }).end("<h1>Bad gateway</h1>"),
  );
  await assert.rejects(createHttp(html.url, { fetch })("GET", "/"), { status: 502, code: "http_502" });
  const cut = await hubThat(() => null);
  await assert.rejects(createHttp(cut.url, { fetch })("GET", "/"), { status: 0, code: "network" });
  const silent = await hubThat(() => sleep(400).then(() => ({ json: {} })));
  await assert.rejects(createHttp(silent.url, { fetch, deadline: 30 })("GET", "/"), {
    status: 0,
    code: "network",
  });
});

test("204 is an answer without a body", async () => {
  const hub = await hubThat(() => ({ status: 204 }));
  assert.equal(await createHttp(hub.url, { fetch })("POST", "/", { body: { on: true } }), null);
});

// ---- lock -------------------------------------------------------------------------------------------------

test("a lock that a sleeping tab holds is waited for five seconds", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const stuck = {
    request: (name, { signal }) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  };
  let isDone = false;
  underLock("x", () => (isDone = true), stuck);
  for (const [ms, expected] of [
    [4999, false],
    [1, true],
  ]) {
    t.mock.timers.tick(ms);
    await new Promise(setImmediate);
    assert.equal(isDone, expected);
  }
});

test("a job that fails under the lock fails, and is not run twice", async () => {
  let runs = 0;
  const locks = { request: async (name, options, job) => job() };
  const job = async () => {
    runs += 1;
    throw new Error("its own");
  };
  await assert.rejects(underLock("x", job, locks), /its own/);
  assert.equal(runs, 1);
});

test("a browser that refuses locks altogether still does the job", async () => {
  const refused = { request: () => Promise.reject(new DOMException("no", "SecurityError")) };
  assert.equal(await underLock("x", () => 7, refused), 7);
});

test("an answer that is cut off in the middle leaves the visitor who they were", async () => {
  // As when the page is left while the answer is still being read.
  const area = new Area();
  const box = openBox("me", () => area);
  box.write({ token: "mine" });
  const cut = { ok: true, status: 200, json: () => Promise.reject(new TypeError("aborted")) };
  const session = createSession({
    http: createHttp("http://hub.example", { fetch: async () => cut }),
    box,
    site: "s",
    locale: "en",
    page: () => ({}),
    locks: null,
    onOpened: () => assert.fail("there was no answer"),
  });
  await assert.rejects(session.open(), (error) => error instanceof Refusal && error.status === 0);
  assert.deepEqual(box.read(), { token: "mine" });
});

test("whoever is named while a session opens is named to the hub all the same", async () => {
  const hub = await tokenHub({ slow: 20 });
  const { session } = sessionAt(hub);
  const early = session.token();
  session.identify({ id: "u1", hash: "h" });
  await Promise.all([early, session.token()]);
  assert.deepEqual(
    hub.sessions().map((one) => one.body.identity?.id),
    [undefined, "u1"],
  );
});
