// The last transport: ask since=cursor again and again. Slow, but it works through anything that lets a page load.

const EVERY_MS = 4000;
const HIDDEN_MS = 20000;

/** Same shape as openSocket; `catchUp()` asks for what is new and resolves when it has been applied. */
export function openPoll({ catchUp, hidden, onUp, onDown }) {
  let over = false;
  let timer = null;
  let up = false;

  async function ask() {
    clearTimeout(timer);
    try {
      await catchUp();
    } catch (error) {
      return down(error);
    }
    if (over) return undefined;
    if (!up) onUp();
    up = true;
    timer = setTimeout(ask, hidden() ? HIDDEN_MS : EVERY_MS);
    return undefined;
  }

  function end() {
    over = true;
    clearTimeout(timer);
  }

  function down(error) {
    if (over) return;
    end();
    onDown({ code: error.status ? 4000 + error.status : 0 });
  }

  ask();
  return { close: end, probe: ask };
}
