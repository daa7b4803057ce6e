// Tells the other side that the visitor is writing, and keeps the draft for the next page.

const REPEAT_MS = 4000;
const PAUSE_MS = 5000;
const SAVE_MS = 400;

/** {draft(), input(text), sent()}. Nothing leaves the browser before there is a session, i.e. before the
 * first message. */
export function createTyping({ session, box }) {
  let told = 0;
  let pause;
  let saving;

  const save = (text) => (text ? box.write({ text }) : box.clear());

  function tell(on) {
    told = on ? Date.now() : 0;
    // A lost hint is not worth a second one: the other side forgets it after 6 s by itself.
    if (session.active()) session.call("POST", "/widget/typing", { on }).catch(() => {});
  }

  function input(text) {
    clearTimeout(saving);
    saving = setTimeout(save, SAVE_MS, text);
    clearTimeout(pause);
    if (!text && told) return tell(false);
    if (text && Date.now() - told > REPEAT_MS) tell(true);
    pause = setTimeout(() => told && tell(false), PAUSE_MS);
    return undefined;
  }

  function sent() {
    clearTimeout(saving);
    told = 0;
    save("");
  }

  return { draft: () => box.read().text, input, sent };
}
