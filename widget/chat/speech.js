// What a screen reader is told: whole sentences of a streamed answer, each once, never single tokens.

const END = /[.!?…]+["»”)]*(?=\s)|\n+/g;

/** {spoken, at}: the complete sentences of `text` after offset `from`, and the offset to go on from. */
export function sentences(text, from, finished) {
  let at = from;
  END.lastIndex = from;
  for (let found = END.exec(text); found; found = END.exec(text)) at = END.lastIndex;
  if (finished) at = text.length;
  return { spoken: text.slice(from, at).trim(), at };
}
