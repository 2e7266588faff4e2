/** A part of a text: from, to. */
type Place = readonly [number, number]

/**
 * Join tokens that nobody masked: a journal may show somebody else's. The hash in front is that of a public certificate;
 * what follows it may hold any character that is not blank.
 */
const pinnedToken = /(?<=K10)[0-9a-f]{64}(?:::|%3A%3A)[^\s"'<>]*/gi
/** The secret of a bootstrap token, also when somebody has cut the text there; its id is no secret and tells which token it was. */
const bootstrapSecret = /(?<=(?<![A-Za-z0-9.])[a-z0-9]{6}\.)(?:[a-z0-9]{16}(?![A-Za-z0-9])|[a-z0-9]+(?=…))/g
/** Bootstrap tokens look like names of files, so only those are meant that follow such a word on their line. */
const tokenWord = /token|bearer|authorization|credential/i
/** Assignments as environment files, unit files and command lines have them. */
const assigned = /(?<=(?:TOKEN|PASSWORD|--(?:agent-)?token)=)(?:"[^"\r\n]+"|'[^'\r\n]+'|[^\s"']+)/g

function matches(text: string, pattern: RegExp): readonly Place[] {
  return [...text.matchAll(pattern)].map((match) => [match.index, match.index + match[0].length])
}

function bootstrapSecrets(text: string): readonly Place[] {
  return [...text.matchAll(/[^\r\n]+/g)].flatMap(({ 0: line, index }) => {
    const word = line.search(tokenWord)
    if (word < 0) return []
    return matches(line, bootstrapSecret)
      .filter(([from]) => from > word)
      .map(([from, to]): Place => [index + from, index + to])
  })
}

function occurrences(text: string, forms: Iterable<string>): readonly Place[] {
  const places: Place[] = []
  for (const form of forms)
    for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1)) places.push([at, at + form.length])
  return places
}

/**
 * The text with `***` for every occurrence of a masked form, and for everything that is a token by its shape. Pure.
 * The runner masks logs only; for files and outputs there is nobody else. All are looked for in the text as it is, because
 * what stands for one secret could hide a part of another.
 */
export function redactText(text: string, forms: Iterable<string>): string {
  const places = [
    ...occurrences(text, forms),
    ...matches(text, pinnedToken),
    ...matches(text, assigned),
    ...bootstrapSecrets(text),
  ].sort((a, b) => a[0] - b[0])
  let result = ''
  let done = 0
  for (const [from, to] of places) {
    // One that overlaps the one before, or continues it, is the same gap.
    if (from > done || (done === 0 && result === '')) result += `${text.slice(done, from)}***`
    done = Math.max(done, to)
  }
  return result + text.slice(done)
}
