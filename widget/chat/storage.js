// Records in the browser's storage. Where it is blocked or full, memory is used instead for this page. What
// several tabs write at once gets a key of its own: two tabs that rewrite one list lose each other's lines.

/** {key, read(), write(record), clear()}; `area` is a function because reaching for localStorage may
 * already throw. */
export function openBox(key, area) {
  let memory = null;

  function read() {
    return memory || parsed(attempt(() => area().getItem(key))) || {};
  }

  function write(record) {
    memory = record;
    attempt(() => {
      area().setItem(key, JSON.stringify(record));
      memory = null;
    });
  }

  function clear() {
    memory = null;
    attempt(() => area().removeItem(key));
  }

  return { key, read, write, clear };
}

/** Many records under one prefix: {key, all() -> [[id, record]], put(id, record), drop(id)}. */
export function openRecords(prefix, area) {
  const boxes = new Map();

  function box(id) {
    if (!boxes.has(id)) boxes.set(id, openBox(prefix + id, area));
    return boxes.get(id);
  }

  function all() {
    const stored = attempt(() => Object.keys(area()).filter((key) => key.startsWith(prefix))) || [];
    const ids = new Set([...stored.map((key) => key.slice(prefix.length)), ...boxes.keys()]);
    return [...ids].map((id) => [id, box(id).read()]).filter(([, record]) => record.text);
  }

  function drop(id) {
    box(id).clear();
    boxes.delete(id);
  }

  return { key: prefix, all, put: (id, record) => box(id).write(record), drop };
}

function attempt(job) {
  try {
    return job();
  } catch (blocked) {
    return undefined;
  }
}

/** Anyone on the host page can write there: only an object counts. */
function parsed(raw) {
  const value = attempt(() => JSON.parse(raw));
  return value && typeof value === "object" && !Array.isArray(value) ? value : null;
}
