import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { httpsScript, type ScriptLine } from '../../src/host/index.ts'
import { FolderHost } from '../protocol/k3s-install-host.ts'

const hosts: FolderHost[] = []
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.close()))
})

/** A curl that keeps what it was given and answers what it is told to. */
const curl = (state: string): string => `#!/bin/sh
S=${state}
printf '%s\\n' "curl $*" >>"$S/calls"
env >>"$S/environments"
cat >"$S/config"
while [ $# -gt 0 ]; do
  if [ "$1" = --cacert ]; then cat "$2" >"$S/ca"; ls -l "$2" | cut -c 1-10 >"$S/ca-mode"; fi
  shift
done
[ ! -e "$S/complaint" ] || { cat "$S/complaint" >&2; exit "$(cat "$S/code")"; }
cat "$S/answer"
printf '\\n%s' "$(cat "$S/status")"
`

function newHost(shell: 'dash' | 'bash' | 'busybox' = 'dash'): FolderHost {
  const host = new FolderHost({ shell })
  hosts.push(host)
  host.program('curl', curl(host.state))
  return host
}

interface Asked {
  readonly url?: string
  readonly ca?: string
  readonly authorization?: string
}

async function ask(host: FolderHost, asked: Asked = {}): Promise<ScriptLine | undefined> {
  const result = await host.run({
    name: 'handshake',
    script: httpsScript,
    env: { URL: asked.url ?? 'https://157.173.210.123:6443/cacerts', CA_PEM: asked.ca ?? '', CONNECT_SECONDS: '5' },
    secrets: { AUTHORIZATION: asked.authorization ?? '' },
    privilege: 'user',
    timeoutMs: 10_000,
    signal: new AbortController().signal,
  })
  expect(readdirSync(join(host.root, 'tmp'))).toEqual([])
  return result.lines.at(-1)
}

const kept = (host: FolderHost, name: string): string | undefined =>
  existsSync(join(host.state, name)) ? readFileSync(join(host.state, name), 'utf8') : undefined

describe.each(['dash', 'bash', 'busybox'] as const)('asking with curl on a host whose sh is %s', (shell) => {
  it.each([
    ['', 204],
    ['{"a":1}\n', 200],
    ['no line break at the end', 401],
    ['\u0000\n\n200\n', 503],
  ])('brings back the body %j to the byte, and the status %d', async (body, status) => {
    const host = newHost(shell)
    host.flag('answer', body)
    host.flag('status', String(status))
    expect(await ask(host)).toEqual({ http: String(status), body: Buffer.from(body).toString('base64') })
    expect(host.calls().join()).toMatch(/^curl -q .* -k -K -$/)
  })
})

describe('asking with curl', () => {
  it('shows the credential to nobody but the server, whose certificate is checked', async () => {
    const host = newHost()
    host.flag('answer', 'ok')
    host.flag('status', '200')
    const authorization = 'Basic "quoted\\ and $(id) `id`'
    const ca = '-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----'
    expect(await ask(host, { ca, authorization, url: 'https://a:6443/x?y="z"' })).toMatchObject({ http: '200' })
    expect(kept(host, 'config')).toBe(
      'url = "https://a:6443/x?y=\\"z\\""\nheader = "Authorization: Basic \\"quoted\\\\ and $(id) `id`"\n',
    )
    expect(kept(host, 'ca')).toBe(`${ca}\n`)
    expect(kept(host, 'ca-mode')).toBe('-rw-------\n')
    expect(host.told()).not.toContain('quoted')
    expect(host.calls().join()).not.toMatch(/ -k( |$)/)
  })

  it('sends no credential to a server that is not checked, and none with a line break', async () => {
    const host = newHost()
    expect(await ask(host, { authorization: 'Bearer x' })).toMatchObject({ error: 'no-ca' })
    expect(await ask(host, { ca: 'x', authorization: 'Bearer x\nurl = "https://evil"' })).toMatchObject({
      error: 'bad-value',
    })
    expect(await ask(host, { url: 'file:///etc/shadow' })).toMatchObject({ error: 'bad-url' })
    expect(host.calls()).toEqual([])
  })

  it("tells curl's exit code and words when there is no answer", async () => {
    const host = newHost()
    host.flag('complaint', 'curl: (28) Connection timed out after 5001 "milliseconds"\n')
    host.flag('code', '28')
    expect(await ask(host)).toEqual({
      error: 'connect',
      curl: '28',
      message: 'curl: (28) Connection timed out after 5001 "milliseconds"',
    })
  })

  it('cuts a body that is longer than any answer of the supervisor', async () => {
    const host = newHost()
    host.flag('answer', 'x'.repeat(200_000))
    host.flag('status', '200')
    expect(Buffer.from(String((await ask(host))?.body), 'base64')).toHaveLength(65_536)
  })

  it('says when there is no curl', async () => {
    const host = new FolderHost()
    hosts.push(host)
    expect(await ask(host)).toEqual({ error: 'no-curl', message: 'there is no curl on this host' })
  })
})
