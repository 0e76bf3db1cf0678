// What the scripts say, in the reader's language. The key of a text is its
// English; pages in another language load what that says before anything else.

const texts = globalThis.caselineTexts || {};

// t is a text with its gaps (%s) filled, in order or by number (%1$s).
export function t(english, ...args) {
  let next = 0;
  return (texts[english] ?? english).replace(/%(?:(\d+)\$)?s/g, (_, number) => args[number ? number - 1 : next++]);
}
