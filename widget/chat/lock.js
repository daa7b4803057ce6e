// One tab at a time. Where there is no lock (plain http, old browser), or the tab that holds it is suspended, we go
// on without: the server recognises a repeated clientId, the lock only spares it the repetition.

const TIMEOUT_MS = 5000;

export async function underLock(name, job, locks, timeoutMs = TIMEOUT_MS) {
  if (!locks) return job();
  const cut = new AbortController();
  const timer = setTimeout(() => cut.abort(), timeoutMs);
  let entered = false;
  const enter = () => {
    entered = true;
    clearTimeout(timer);
    return job();
  };
  try {
    return await locks.request(name, { signal: cut.signal }, enter);
  } catch (error) {
    if (entered) throw error;
    return job();
  } finally {
    clearTimeout(timer);
  }
}
