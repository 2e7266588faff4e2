import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cut, type EvidenceExcerpt, printableLines } from '../src/report/index.ts'

/** Whoever opens an artifact wants to read it; the host has cut its files before. */
const mostBytes = 256 * 1024
const longestLine = 4000
/** How much of a file the summary shows. */
const excerptLines = 12
const excerptLength = 300

/** One text of the bundle: a plain file name, and what a host or server said. */
export interface EvidenceText {
  readonly name: string
  readonly text: string
}

/** Longer than any private key with what a journal puts before its lines. */
const longestKey = 16 * 1024
const keyBegins = /-----BEGIN (?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY-----/g
const keyEnds = /-----END (?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY-----/

/** Without private keys; one without an end takes all with it that could be of it. */
function withoutKeys(text: string): string {
  const kept: string[] = []
  let done = 0
  for (const { index } of text.matchAll(keyBegins)) {
    if (index < done) continue
    kept.push(text.slice(done, index), '***')
    const rest = text.slice(index, index + longestKey)
    const end = keyEnds.exec(rest)
    done = index + (end ? end.index + end[0].length : rest.length)
  }
  return kept.join('') + text.slice(done)
}

/** What looks like a secret, by what stands before it (kept) and what it is (`***`). */
const shapes: readonly RegExp[] = [
  // A key or certificate as kubeconfigs hold it.
  /(?<kept>)LS0tLS1CRUdJTi[A-Za-z0-9+/=]{16,}/g,
  /(?<kept>K10)[0-9a-f]{6,}[^\s"'<>]*/gi,
  /(?<kept>(?<![A-Za-z0-9.-])[a-z0-9]{6}\.)[a-z0-9]{16}(?![A-Za-z0-9.-])/g,
  /(?<kept>(?:TOKEN|PASSWORD|PASSWD|PASSPHRASE|SECRET)(?:_FILE)?\\?["']?\s*[=:]\s*)(?:\\?"[^"\r\n]*"?|'[^'\r\n]*'?|[^\s"',;]+)/gi,
  /(?<kept>--(?:agent-)?token\s+)\S+/gi,
  /(?<kept>\b(?:Basic|Bearer)\s+)[A-Za-z0-9+/=._-]{8,}/gi,
  /(?<kept>:\/\/[^\s/:@]+:)[^\s/@]+(?=@)/g,
]

/** Without what was masked, and without everything that has the shape of a secret. Too much is better than too little. Pure. */
export function withoutSecrets(text: string, redact: (text: string) => string): string {
  return shapes.reduce((all, pattern) => all.replace(pattern, '$<kept>***'), withoutKeys(redact(text)))
}

/** Printable lines without secrets, at most 256 KiB; of a log its end is kept. Pure. */
export function safeText(text: string, redact: (text: string) => string): string {
  // Twice: a secret may be cut by what cannot be seen, and shows only after that was taken out.
  const lines = printableLines(withoutSecrets(text, redact), longestLine)
  const safe = withoutSecrets(lines.join('\n'), redact)
  const bytes = Buffer.from(safe)
  if (bytes.length <= mostBytes) return `${safe}\n`
  const end = bytes.subarray(bytes.length - mostBytes + 1024).toString()
  return `(cut: only the end of it)\n${end.slice(end.indexOf('\n') + 1)}\n`
}

/** The files whose lines the summary shows; the others are listed. */
const telling = new Set(['unit-status.txt', 'journal.txt', 'containerd.log', 'node.txt'])

/** What a summary shows of the bundle: of logs the end, of everything else the beginning. Pure. */
export function excerptsOf(texts: readonly EvidenceText[]): readonly EvidenceExcerpt[] {
  return texts
    .filter(({ name }) => telling.has(name))
    .map(({ name, text }) => {
      const lines = text.split('\n').filter((line) => line !== '')
      const shown = /^journal|\.log$/.test(name) ? lines.slice(-excerptLines) : lines.slice(0, excerptLines)
      return { name, lines: shown.map((line) => cut(line, excerptLength)) }
    })
}

/** Writes the bundle anew, readable for its owner only; no texts: deletes the one of an earlier run. The texts are safe already. */
export function writeBundle(folder: string, texts: readonly EvidenceText[]): void {
  rmSync(folder, { recursive: true, force: true })
  if (texts.length === 0) return
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  for (const { name, text } of texts) writeFileSync(join(folder, name), text, { mode: 0o600 })
}
