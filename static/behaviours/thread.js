// The lines of a conversation: days and runs of one author, always at the end unless the reader scrolled away.
const NEAR_PX = 120;
const RUN_MS = 5 * 60000;

const day = (line) => new Date(line.dataset.at).toDateString();

function arrange(lines) {
  lines.forEach((line, index) => {
    const before = lines[index - 1];
    const isNewDay = !before || day(before) !== day(line);
    const isNear = before && new Date(line.dataset.at) - new Date(before.dataset.at) < RUN_MS;
    line.classList.toggle("is-new-day", isNewDay);
    line.classList.toggle("is-continued", !isNewDay && isNear && before.dataset.author === line.dataset.author);
  });
}

// A line that came late may be here already when the earlier ones come among which it stands.
function once(lines) {
  const seen = new Set();
  for (const line of lines) seen.has(line.id) ? line.remove() : seen.add(line.id);
  return lines.filter((line) => line.isConnected);
}

export default function thread(area) {
  const list = area.querySelector("#messages");
  const toEnd = area.querySelector(".to-end");
  const isNearEnd = () => area.scrollHeight - area.scrollTop - area.clientHeight < NEAR_PX;
  const scroll = () => { area.scrollTop = area.scrollHeight; };
  let last = list.lastElementChild;
  let follows = true;
  let fromEnd = null;

  // Earlier lines came above what is being read: that stays where it was, and the keyboard is where it can go on.
  function keepPlace() {
    area.scrollTop = area.scrollHeight - fromEnd;
    fromEnd = null;
    (list.querySelector("#earlier a") ?? area).focus({ preventScroll: true });
  }

  function refresh() {
    if (!area.isConnected) return;
    arrange(once([...list.querySelectorAll(".message")]));
    if (fromEnd !== null) {
      keepPlace();
      return;
    }
    const isNew = list.lastElementChild !== last;
    last = list.lastElementChild;
    if (follows) scroll();
    else if (isNew) toEnd.hidden = false;
  }

  area.addEventListener("scroll", () => {
    follows = isNearEnd();
    if (follows) toEnd.hidden = true;
  }, { passive: true });
  area.addEventListener("htmx:beforeSwap", ({ target }) => {
    if (target.id === "earlier") fromEnd = area.scrollHeight - area.scrollTop;
  });
  toEnd.addEventListener("click", scroll);
  document.addEventListener("htmx:afterSwap", refresh);
  new ResizeObserver(() => follows && scroll()).observe(area);
  area.addEventListener("stream", () => follows && scroll());
  refresh();
  scroll();
}
