// The loader: finds its own tag, asks for the config, draws the launcher and fetches the chat on intent. It
// does not own the page: it loads once, keeps to its shadow root, and stays quiet (one console line) when something
// fails.
import { createApi, createEmitter } from "./api.js";
import { drawLauncher, keepOnPage, onIntent } from "./launcher.js";
import { pickLocale, readTag } from "./settings.js";

const tag = document.currentScript || document.querySelector('script[src*="/widget.js"]');
const emitter = createEmitter();
let identity;
let shell;
let loading;
let policy;
let said;

function quiet(error) {
  if (!said) console.info("Parley: " + error.message);
  said = true;
}

async function readConfig({ hub, site }) {
  const response = await fetch(hub + "/widget/config?site=" + encodeURIComponent(site), {
    credentials: "omit",
  });
  if (!response.ok) throw new Error("no config, status " + response.status);
  return response.json();
}

/** A page under Trusted Types takes script addresses only from a policy. */
function trusted(url) {
  const pass = { createScriptURL: (same) => same };
  policy = policy || (window.trustedTypes ? trustedTypes.createPolicy("parley", pass) : pass);
  return policy.createScriptURL(url);
}

/** The chat's file calls `parleyMount` on its own tag: no global, no CORS needed. */
function fetchChat() {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.charset = "utf-8";
    script.src = trusted(
      shell.hub + "/static/widget/chat." + shell.locale + ".js?v=" + CHAT_HASHES[shell.locale],
    );
    script.parleyMount = (mount) => resolve(mount(shell));
    script.onerror = () => reject(new Error("the chat did not load"));
    document.documentElement.append(script);
  });
}

/** The chat, fetched once; a failure is forgotten so that the next click tries again. */
function loadChat() {
  loading = loading || fetchChat();
  loading.catch(() => (loading = null));
  return loading;
}

async function act(verb, argument) {
  const leaving = verb === "identify" && !argument;
  if (verb === "identify") (shell || {}).identity = identity = argument;
  await started;
  if (leaving)
    for (const area of ["localStorage", "sessionStorage"])
      left(area).forEach((key) => window[area].removeItem(key));
  if (!loading && verb !== "open" && verb !== "toggle") return;
  shell.button.setAttribute("aria-busy", "true");
  try {
    (await loadChat())[verb](argument);
  } finally {
    shell.button.removeAttribute("aria-busy");
  }
}

const calmly = (verb, argument) => void act(verb, argument).catch(quiet);

/** The keys that an earlier visit left in an area; a browser may forbid even looking. */
function left(area) {
  try {
    return Object.keys(window[area]).filter((key) => key.startsWith(shell.key));
  } catch (blocked) {
    return [];
  }
}

/** A known visitor sees unread messages soon after the page; a chat that was open in this tab opens again. */
function resume() {
  const open = left("sessionStorage").length && innerWidth > 480;
  if (!open && !left("localStorage").length) return;
  const idle = window.requestIdleCallback || setTimeout;
  idle(() =>
    loadChat()
      .then((chat) => chat.resume(open))
      .catch(quiet),
  );
}

async function start() {
  const settings = readTag(tag, location.href, [document.documentElement.lang, navigator.language]);
  const config = await readConfig(settings);
  const locale = settings.locale || pickLocale([config.locale]) || "en";
  const drawn = drawLauncher(config, locale);
  shell = {
    ...settings,
    ...drawn,
    config,
    locale,
    key: "parley." + settings.site + ".",
    identity,
    emit: emitter.emit,
  };
  keepOnPage(drawn.host);
  onIntent(drawn.button, () => loadChat().catch(quiet));
  drawn.button.addEventListener("click", () => calmly("toggle"));
  resume();
  emitter.emit("ready");
}

let started;
if (!window.Parley || Array.isArray(window.Parley)) {
  started = start();
  started.catch(quiet);
  window.Parley = createApi(window.Parley, calmly, emitter);
}
