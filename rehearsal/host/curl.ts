import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { HostNetwork } from '../contract.ts'
import type { ProgramAnswer, ProgramCall } from './control.ts'
import { ask } from './supervisor.ts'

/** Options of curl that a request over HTTPS needs; others are refused, so that nobody believes they worked. */
const withValue = new Set([
  '-H',
  '--header',
  '-m',
  '--max-time',
  '--connect-timeout',
  '--cacert',
  '-o',
  '--output',
  '-w',
  '--write-out',
  '-K',
  '--config',
  '-X',
  '--request',
  '-u',
  '--user',
  '--proto',
  '--max-filesize',
])
const withoutValue = new Set([
  '--insecure',
  '--silent',
  '--show-error',
  '--fail',
  '--location',
  '--no-progress-meter',
  '--http1.1',
  '-q',
  '--disable',
])

/** Authorities that the machine trusts; where nobody has put one, none, and every caller has to bring its own. */
export const trustStore = 'etc/ssl/certs/ca-certificates.crt'

function trusted(root: string): string {
  const text = existsSync(join(root, trustStore)) ? readFileSync(join(root, trustStore), 'utf8') : ''
  return text.includes('-----BEGIN') ? text : ''
}

interface Wanted {
  url: string
  headers: Record<string, string>
  isInsecure: boolean
  ca: string | undefined
  timeoutMs: number
  fails: boolean
  isSilent: boolean
  writeOut: string
  /** File for what comes; empty: standard output. */
  output: string
}

/** Lines of a curl config file: `option = "value"`, `header = …`, with or without the dashes. */
function readConfig(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*-{0,2}([a-z-]+)(?:\s*[=:]\s*|\s+)?(.*)$/.exec(line.trim())
    if (line.trim() === '' || line.trim().startsWith('#') || match?.[1] === undefined) return []
    const value = (match[2] ?? '').replace(/^"(.*)"$/, '$1').replace(/\\(.)/g, '$1')
    return value === '' ? [`--${match[1]}`] : [`--${match[1]}`, value]
  })
}

/** Of a file that a program was told to read; `-` and /dev/stdin are what came to it. */
export function readFileOf(call: ProgramCall, name: string): string {
  return name === '-' || name === '/dev/stdin' ? call.input : readFileSync(resolve(call.directory, name), 'utf8')
}

function readWords(call: ProgramCall, root: string, words: readonly string[], wanted: Wanted): string | undefined {
  const content = (name: string): string =>
    name === '-' ? call.input : readFileSync(resolve(call.directory, name === '/dev/stdin' ? '' : name), 'utf8')
  const queue = [...words]
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    if (word.startsWith('--') && word.includes('=')) {
      queue.unshift(word.slice(word.indexOf('=') + 1))
      word = word.slice(0, word.indexOf('='))
    } else if (/^-[a-zA-Z]{2,}$/.test(word)) {
      queue.unshift(...[...word.slice(1)].map((letter) => `-${letter}`))
      continue
    }
    if (withValue.has(word)) {
      const value = queue.shift() ?? ''
      if (word === '-H' || word === '--header') {
        const lines = value.startsWith('@') ? content(value.slice(1)).split('\n') : [value]
        for (const line of lines) {
          const colon = line.indexOf(':')
          if (colon > 0) wanted.headers[line.slice(0, colon).trim()] = line.slice(colon + 1).trim()
        }
      } else if (word === '-u' || word === '--user')
        wanted.headers.Authorization = `Basic ${Buffer.from(value).toString('base64')}`
      else if (word === '-m' || word === '--max-time') wanted.timeoutMs = Number(value) * 1000
      else if (word === '--cacert') wanted.ca = content(value)
      else if (word === '-w' || word === '--write-out') wanted.writeOut = value.replaceAll('\\n', '\n')
      else if (word === '-o' || word === '--output') wanted.output = value
      else if (word === '-K' || word === '--config') {
        const problem = readWords(call, root, readConfig(content(value)), wanted)
        if (problem !== undefined) return problem
      }
    } else if (word === '--url') wanted.url = queue.shift() ?? ''
    else if (word === '-k' || word === '--insecure') wanted.isInsecure = true
    else if (word === '-f' || word === '--fail') wanted.fails = true
    else if (word === '-s' || word === '--silent') wanted.isSilent = true
    else if (word === '-S' || word === '-L' || withoutValue.has(word)) continue
    else if (word.startsWith('-')) return `curl: option ${word}: is unknown`
    else wanted.url = word
  }
  return undefined
}

/** curl from the host's own network position, with curl's exit codes: 6 name unknown, 7 refused, 22 HTTP error with -f, 28 timeout, 35 reset, 60 certificate. */
export async function runCurl(call: ProgramCall, network: HostNetwork, root: string): Promise<ProgramAnswer> {
  const wanted: Wanted = {
    url: '',
    headers: {},
    isInsecure: false,
    ca: undefined,
    timeoutMs: 120_000,
    fails: false,
    isSilent: false,
    writeOut: '',
    output: '',
  }
  const problem = readWords(call, root, call.words, wanted)
  if (problem !== undefined) return { code: 2, stdout: '', stderr: `${problem}\n` }
  const url = URL.canParse(wanted.url) ? new URL(wanted.url) : undefined
  if (url?.protocol !== 'https:')
    return { code: 3, stdout: '', stderr: 'curl: (3) URL using bad/illegal format or missing URL\n' }
  const port = Number(url.port === '' ? 443 : url.port)
  try {
    const answer = await ask(network, url.hostname, port, {
      method: 'GET',
      path: `${url.pathname}${url.search}`,
      headers: wanted.headers,
      ...(wanted.isInsecure ? {} : { ca: wanted.ca ?? trusted(root) }),
      timeoutMs: wanted.timeoutMs,
      signal: call.signal,
    })
    const suffix = wanted.writeOut
      .replaceAll('%{http_code}', String(answer.status))
      .replaceAll('%{response_code}', String(answer.status))
    if (wanted.fails && answer.status >= 400) {
      return { code: 22, stdout: suffix, stderr: `curl: (22) The requested URL returned error: ${answer.status}\n` }
    }
    if (wanted.output === '') return { code: 0, stdout: answer.text + suffix, stderr: '' }
    if (wanted.output !== '/dev/null') writeFileSync(resolve(call.directory, wanted.output), answer.text)
    return { code: 0, stdout: suffix, stderr: '' }
  } catch (error) {
    const { code = '', message } = error as Error & { code?: string }
    const suffix = wanted.writeOut.replaceAll('%{http_code}', '000').replaceAll('%{response_code}', '000')
    const seconds = Math.round(wanted.timeoutMs)
    if (code === 'ENOTFOUND')
      return { code: 6, stdout: suffix, stderr: `curl: (6) Could not resolve host: ${url.hostname}\n` }
    if (code === 'ECONNREFUSED')
      return {
        code: 7,
        stdout: suffix,
        stderr: `curl: (7) Failed to connect to ${url.hostname} port ${port} after 1 ms: Connection refused\n`,
      }
    if (code === 'ETIMEDOUT')
      return { code: 28, stdout: suffix, stderr: `curl: (28) Connection timed out after ${seconds} milliseconds\n` }
    if (/CERT|SELF_SIGNED|UNABLE_TO/.test(code))
      return {
        code: 60,
        stdout: suffix,
        stderr: 'curl: (60) SSL certificate problem: unable to get local issuer certificate\n',
      }
    return { code: 35, stdout: suffix, stderr: `curl: (35) ${message}\n` }
  }
}
