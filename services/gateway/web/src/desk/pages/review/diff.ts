/** What changed between two versions of a text: Chinese by character, everything else by word. Pure, for tests. */

/** A piece of the new text, or of what is no longer in it. */
export interface Piece {
  kind: "same" | "added" | "gone";
  text: string;
}

/** Longer texts are compared as a whole: the table would be larger than a browser should hold. */
const LONGEST = 3000;

function tokens(text: string): string[] {
  return text.match(/[A-Za-z0-9]+|\s+|[\s\S]/gu) ?? [];
}

/** Pieces in the order of the new text; what is gone stands before what came in its place. */
export function diff(before: string, after: string): Piece[] {
  if (before === after) return after === "" ? [] : [{ kind: "same", text: after }];
  const [a, b] = [tokens(before), tokens(after)];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  const middle = between(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  return joined([
    { kind: "same", text: b.slice(0, head).join("") },
    ...middle,
    { kind: "same", text: b.slice(b.length - tail).join("") },
  ]);
}

/** The longest common subsequence, walked from its end. */
function between(a: readonly string[], b: readonly string[]): Piece[] {
  if (a.length > LONGEST || b.length > LONGEST) {
    return [
      { kind: "gone", text: a.join("") },
      { kind: "added", text: b.join("") },
    ];
  }
  const width = b.length + 1;
  const table = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number) => table[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      table[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pieces: Piece[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      pieces.push({ kind: "same", text: a[i] ?? "" });
      i += 1;
      j += 1;
    } else if (i < a.length && (j >= b.length || at(i + 1, j) >= at(i, j + 1))) {
      pieces.push({ kind: "gone", text: a[i] ?? "" });
      i += 1;
    } else {
      pieces.push({ kind: "added", text: b[j] ?? "" });
      j += 1;
    }
  }
  return pieces;
}

/** Neighbours of one kind as one piece; between two that stay, what is gone stands first. */
function joined(pieces: readonly Piece[]): Piece[] {
  const out: Piece[] = [];
  let gone = "";
  let added = "";
  const flush = () => {
    if (gone !== "") out.push({ kind: "gone", text: gone });
    if (added !== "") out.push({ kind: "added", text: added });
    gone = "";
    added = "";
  };
  for (const { kind, text } of pieces) {
    if (text === "") continue;
    if (kind === "gone") gone += text;
    else if (kind === "added") added += text;
    else {
      flush();
      const last = out.at(-1);
      if (last?.kind === "same") last.text += text;
      else out.push({ kind, text });
    }
  }
  flush();
  return out;
}
