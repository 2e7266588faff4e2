/** Masking these would blank half of every log, and none of them is a secret. */
const common = new Set(
  (
    'true false yes no on off null none undefined default auto root admin user node nodes server agent ' +
    'token password secret host local localhost cluster plan apply fast deep ssh fail warn never pass skip error kube ' +
    'kubernetes linux amd64 arm64 main master latest 0.0.0.0 127.0.0.1 6443 10250 https:// http://'
  ).split(' '),
)

/** The runner masks every occurrence: anything shorter turns logs into asterisks and drops outputs. */
const shortest = 4
/** Derived forms that are cut to whole base64 groups get short quickly. */
const shortestDerived = 6

function isMaskable(text: string): boolean {
  if (text.trim().length < shortest || common.has(text.trim().toLowerCase())) return false
  // The armour of a PEM block is the same in every key.
  return !/^-----(BEGIN|END) [A-Z0-9 ]+-----$/.test(text.trim())
}

/**
 * The base64 text that a value shows up as inside a longer encoded text, for each of the three positions at which it
 * can start. Characters that also depend on the neighbours are left out.
 */
function base64Windows(value: string): string[] {
  const bytes = Buffer.from(value, 'utf8')
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    const wholeBits = (offset + bytes.length) * 8
    return encoded.slice(offset === 0 ? 0 : offset + 1, Math.floor(wholeBits / 6))
  })
}

function derivedForms(value: string): string[] {
  const encoded = encodeURIComponent(value.toWellFormed())
  const windows = base64Windows(value)
  const whole = Buffer.from(value, 'utf8').toString('base64')
  return [
    JSON.stringify(value).slice(1, -1),
    JSON.stringify(JSON.stringify(value)).slice(3, -3),
    encoded,
    encoded.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()),
    encoded.replaceAll('%20', '+'),
    value.replaceAll("'", "'\\''"),
    whole,
    ...windows,
    whole.replaceAll('+', '-').replaceAll('/', '_'),
    ...windows.map((window) => window.replaceAll('+', '-').replaceAll('/', '_')),
  ]
}

/**
 * Every form of a secret that the runner must mask: the value, its lines, base64 and base64url at three alignments,
 * JSON-escaped (once and twice), URL-encoded, quoted for a shell. Nothing shorter than 4 characters, no common word.
 * The runner itself masks the whole value and its lines only (actions/runner, AddMaskCommandExtension).
 */
export function maskForms(secret: string): string[] {
  const trimmed = secret.trim()
  if (!isMaskable(trimmed)) return []
  const lines = trimmed.split(/\r\n|[\n\r]/)
  const forms = new Set<string>()
  if (lines.length === 1) forms.add(trimmed)
  // A log has lines, so masking each line is enough; the runner would also mask the lines that are too short or common.
  for (const line of lines) if (lines.length > 1 && isMaskable(line)) forms.add(line.trim())
  for (const value of new Set([secret, trimmed])) {
    for (const form of derivedForms(value)) {
      if (form.length >= shortestDerived && isMaskable(form) && !/[\r\n]/.test(form)) forms.add(form)
    }
  }
  return [...forms]
}
