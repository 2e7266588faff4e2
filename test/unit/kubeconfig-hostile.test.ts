import { describe, expect, it } from '@jest/globals'
import {
  credentialChecks,
  KubeconfigError,
  type KubeconfigReading,
  readKubeconfig,
  validityOf,
} from '../../src/kubeconfig/index.ts'
import { type Check, oneLine } from '../../src/report/index.ts'
import { fill, fixture, fixtureNames, nowMs, secretsOfFixtures, strangerCa } from './kubeconfig-materials.ts'

// Even with these allowed, nothing else may run.
const options = { context: '', allowExec: ['aws', './aws'] }

function errorOf(text: string, asked = options): KubeconfigError {
  try {
    readKubeconfig(text, asked)
  } catch (error) {
    expect(error).toBeInstanceOf(KubeconfigError)
    return error as KubeconfigError
  }
  throw new Error('it was accepted')
}

/** File → code, and what its title or cause has to name. */
const refusals: Readonly<Record<string, readonly ['refused' | 'invalid', RegExp]>> = {
  exec: ['refused', /user "join" uses exec/],
  'exec-in-capitals': ['refused', /user "join" has the key Exec in line 18/],
  'exec-beside-a-token': ['refused', /uses exec \(aws-iam-authenticator\)/],
  'exec-of-another-path': ['refused', /uses exec/],
  'exec-relative': ['refused', /relative path/],
  'exec-preloads': ['refused', /sets LD_PRELOAD/],
  'auth-provider': ['refused', /uses auth-provider/],
  'file-client-key': ['refused', /user "join" uses client-key/],
  'file-client-certificate': ['refused', /uses client-certificate/],
  'file-authority': ['refused', /cluster "oceanid" uses certificate-authority/],
  'file-token': ['refused', /uses tokenFile/],
  'file-token-of-client-node': ['refused', /uses token-file/],
  'server-http': ['refused', /http:\/\//],
  'server-http-in-capitals': ['refused', /http:\/\//],
  'server-with-password': ['refused', /user name or password/],
  'server-without-scheme': ['invalid', /no usable server/],
  'server-with-backslash': ['refused', /user name or password/],
  'server-encoded': ['invalid', /no usable server/],
  'server-octal': ['invalid', /read it differently/],
  'server-with-query': ['invalid', /no usable server/],
  insecure: ['refused', /insecure-skip-tls-verify/],
  'insecure-yes': ['refused', /insecure-skip-tls-verify/],
  'insecure-text': ['refused', /insecure-skip-tls-verify/],
  'insecure-in-capitals': ['refused', /Insecure-Skip-Tls-Verify/],
  proxy: ['refused', /proxy-url/],
  impersonation: ['refused', /as-groups/],
  bomb: ['refused', /anchor in line 1/],
  'bomb-of-itself': ['refused', /anchor/],
  'alias-hides-exec': ['refused', /anchor in line 3/],
  merge: ['refused', /merge key in line 17/],
  'doubled-key': ['refused', /same key twice.*line 18/],
  'doubled-server': ['refused', /same key twice/],
  'doubled-list': ['refused', /same key twice/],
  'doubled-user': ['invalid', /2 users named "join"/],
  'doubled-cluster': ['invalid', /2 clusters named "oceanid"/],
  tag: ['refused', /tag in line 17/],
  'tag-of-program': ['refused', /tag in line 17/],
  directive: ['refused', /directive in line 1/],
  'second-document': ['invalid', /second YAML document/],
  'explicit-key': ['refused', /explicit YAML key/],
  'key-that-is-a-list': ['invalid', /not valid YAML/],
  'key-that-is-a-number': ['invalid', /key that is no text \(line 18\)/],
  'line-separator': ['refused', /U\+2028 in line 18/],
  'next-line': ['refused', /U\+0085 in line 18/],
  'carriage-return': ['refused', /U\+000D in line 18/],
  'byte-order-mark-inside': ['refused', /U\+FEFF/],
  binary: ['invalid', /not a text/],
  'terminal-escape': ['refused', /U\+001B/],
  'half-a-character': ['invalid', /not a text/],
  'context-unknown': ['invalid', /no context "oceanic".*its contexts: "oceanid"/],
  'context-without-name': ['invalid', /names no current-context.*"oceanid"/],
  'cluster-unknown': ['invalid', /no cluster "elsewhere"/],
  'name-with-command': ['refused', /workflow command/],
  'name-with-old-command': ['refused', /workflow command/],
  'name-with-newline': ['refused', /is no name/],
  'name-with-bidi': ['refused', /is no name/],
  'name-of-many-letters': ['refused', /longer than 253/],
  'namespace-with-command': ['invalid', /namespace/],
  'namespace-no': ['refused', /namespace differently/],
  'token-of-digits': ['invalid', /token of user "join" is no text/],
  'token-with-line-end': ['invalid', /no usable token/],
  'tls-server-name-with-blank': ['invalid', /tls-server-name/],
  'authority-missing': ['invalid', /no certificate authority/],
  'authority-not-base64': ['invalid', /certificate-authority-data of cluster "oceanid" is not base64/],
  'authority-pem': ['invalid', /encoded once more/],
  'authority-folded': ['invalid', /folded with blanks/],
  'authority-damaged': ['invalid', /damaged/],
  'authority-with-key': ['refused', /holds a private key/],
  'key-damaged': ['invalid', /no usable private key/],
  'key-with-passphrase': ['invalid', /passphrase/],
  'key-missing': ['invalid', /half a client certificate.*no client-key-data/],
  'credentials-missing': ['invalid', /no credentials/],
  'token-and-password': ['invalid', /token and a password/],
  'secret-as-key': ['refused', /a key in line 16/],
  'key-too-deep': ['refused', /key besides name and user/],
  'users-no-list': ['invalid', /users of the kubeconfig is no list/],
  proto: ['refused', /user "join" has a key in line 18/],
  'proto-at-top': ['refused', /a key in line 18/],
  'unknown-key-at-top': ['refused', /the key Users in line 18/],
  'a-secret-of-kubernetes': ['invalid', /it is a Secret/],
  'a-path': ['invalid', /path of a file, not the content; no file is read/],
  'a-private-key': ['invalid', /PEM block/],
  'a-base64-text': ['invalid', /base64/],
  nothing: ['invalid', /it is empty/],
  truncated: ['invalid', /not valid YAML/],
  'cut-in-a-bracket': ['invalid', /bracket is not closed/],
  'tab-as-indent': ['invalid', /tab is used as indentation \(line 17\)/],
  'lost-line-ends': ['invalid', /line ends were lost/],
}

/** Documents that may be read, and whose checks say no. */
const failures: Readonly<Record<string, readonly [id: string, found: RegExp]>> = {
  'check-key-of-another': ['kubeconfig.key', /belongs to another certificate/],
  'check-expired': ['kubeconfig.credentials', /client certificate expired 3 days ago/],
  'check-not-yet-valid': ['kubeconfig.credentials', /not yet valid: they begin in 3 days/],
  'check-token-expired': ['kubeconfig.credentials', /token expired 1 min ago/],
  'check-authority-expired': ['kubeconfig.ca', /expired 24 h ago/],
  'check-second-authority': ['kubeconfig.ca', /also trusts sha256/],
}

function checksOf({ selected }: KubeconfigReading): readonly Check[] {
  const validity = validityOf(selected)
  const isBundle = selected.caPem.includes(strangerCa.certificatePem)
  const expectCaSha256 = isBundle ? validity.caSha256 : ''
  return credentialChecks(selected, validity, { nowMs, minValidityMs: 6 * 3600_000, expectCaSha256 })
}

describe('a hostile kubeconfig', () => {
  it.each(Object.entries(refusals))('%s: is refused in words, without its secrets', (name, [code, words]) => {
    const error = errorOf(fixture(name))
    expect({ code: error.code, words: `${error.title}: ${error.cause}` }).toMatchObject({
      code: `kubeconfig-${code}`,
      words: expect.stringMatching(words),
    })
    expect(error.message).toBe(error.title)
    expect(error.remedy.length).toBeGreaterThan(5)
    const said = JSON.stringify({ ...error, message: error.message, stack: error.stack })
    expect(secretsOfFixtures.filter((secret) => said.includes(secret))).toEqual([])
    // Whatever the document says, each text stays one printable line.
    for (const text of [error.title, error.cause, error.remedy, ...error.evidence]) expect(oneLine(text)).toBe(text)
  })

  it.each(Object.entries(failures))('%s: is read, and its check fails with cause and remedy', (name, [id, found]) => {
    const failing = checksOf(readKubeconfig(fixture(name), options)).filter((check) => check.verdict === 'fail')
    expect(failing).toEqual([expect.objectContaining({ id, found: expect.stringMatching(found) })])
    expect(failing[0]?.cause).toBeTruthy()
    expect(failing[0]?.remedy).toBeTruthy()
  })

  it('has a row here for each fixture', () => {
    expect(fixtureNames().sort()).toEqual([...Object.keys(refusals), ...Object.keys(failures)].sort())
  })

  const good = fill('- name: a\n  user: {token: {{token}}}\n')
  const bombs: readonly (readonly [string, string, RegExp])[] = [
    ['a text of 2 MiB', `# ${'x'.repeat(2 * 1024 * 1024)}\n${good}`, /larger than 1 MiB/],
    ['a text of many bytes and few letters', '€'.repeat(400_000), /larger than 1 MiB/],
    ['a million brackets', '['.repeat(1_000_000), /nested too deeply/],
    ['a million braces', '{a: '.repeat(250_000), /nested too deeply/],
    ['lists in lists', '- '.repeat(500_000), /nested too deeply|too many entries/],
    ['a list as deep as is looked at', '- '.repeat(20_000), /nested too deeply|not a mapping|not valid/],
    [
      'mappings in mappings',
      Array.from({ length: 1_000 }, (_, at) => `${' '.repeat(at)}a:`).join('\n'),
      /has the key a|too deeply/,
    ],
    ['a hundred thousand keys', Array.from({ length: 100_000 }, (_, at) => `k${at}: 1`).join('\n'), /too many entries/],
    ['ten thousand keys', Array.from({ length: 10_000 }, (_, at) => `k${at}: 1`).join('\n'), /a key in line 1/],
    ['a million empty lines', '\n'.repeat(1_000_000), /too many entries|not a mapping/],
    ['a scalar of half a million lines', `a: b\n${' c\n'.repeat(300_000)}`, /the key a/],
    ['a million colons', ':'.repeat(1_000_000), /not valid YAML|not a mapping/],
    ['ten thousand users', `users:\n${'- name: a\n'.repeat(10_000)}`, /current-context/],
  ]
  it.each(bombs)('%s: ends at once', (_, text, words) => {
    const startedMs = performance.now()
    const error = errorOf(text)
    expect(`${error.title}: ${error.cause}`).toMatch(words)
    expect(performance.now() - startedMs).toBeLessThan(5_000)
  })
})
