/**
 * Looks for secrets in whatever a run shows or leaves, in every form in which one would still be readable: as it is, base64 at each of
 * the three alignments (and in the alphabet of URLs), hexadecimal, escaped for JSON once and twice, escaped for URLs, quoted for a shell.
 * Nothing of the product is used for it: what masks forget must be found here.
 */

/** Shorter pieces occur by chance. */
const shortest = 8

function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret)
  return [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    // The first and the last character hold bits of the neighbours, too.
    const own = encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6))
    return [own, own.replaceAll('+', '-').replaceAll('/', '_')]
  })
}

/** All readable forms of one secret. */
export function formsOfSecret(secret: string): readonly string[] {
  const json = JSON.stringify(secret).slice(1, -1)
  const url = encodeURIComponent(secret)
  const hex = Buffer.from(secret).toString('hex')
  const all = [
    secret,
    ...base64Forms(secret),
    hex,
    hex.toUpperCase(),
    json,
    JSON.stringify(json).slice(1, -1),
    url,
    url.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    secret.replaceAll("'", "'\\''"),
  ]
  return [...new Set(all)].filter((form) => form.length >= shortest)
}

/** One line a find: where it is and what it is a form of, by its first characters; the secret itself is not repeated. */
export function findSecrets(texts: ReadonlyMap<string, string>, secrets: readonly string[]): readonly string[] {
  const forms = new Map<string, string>()
  for (const secret of new Set(secrets)) for (const form of formsOfSecret(secret)) forms.set(form, secret)
  return [...texts].flatMap(([where, text]) =>
    [...forms]
      .filter(([form]) => text.includes(form))
      .map(([form, secret]) => {
        const at = text.indexOf(form)
        const around =
          text
            .slice(Math.max(0, at - 60), at)
            .split('\n')
            .at(-1) ?? ''
        return `${where}: after ${JSON.stringify(around)} stands a ${form === secret ? 'secret' : 'form of a secret'}, ${secret.slice(0, 3)}…`
      }),
  )
}
