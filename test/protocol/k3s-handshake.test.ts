import { connect, createServer, type Server } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createAuthority, startCluster, type Cluster as World } from '../../rehearsal/cluster/index.ts'
import { type Host, HostError, type ScriptRun } from '../../src/host/index.ts'
import { type HandshakeOptions, handshake } from '../../src/k3s/handshake.ts'
import { caHash, formatBootstrapToken } from '../../src/k3s/token.ts'
import type { Check } from '../../src/report/index.ts'
import { scriptedServer } from './kubernetes-server.ts'

const server = 'https://157.173.210.123:6443'
const address = '157.173.210.123:6443'

/** How a host's network carries a connection: to a loopback port, or not at all. */
type Route = number | 'refused' | 'prohibited' | 'silent'

interface NetworkHost extends Host {
  readonly asked: string[]
  readonly runs: ScriptRun[]
}

/** A host that is nothing but a network position. */
function networkHost(routes: ReadonlyMap<string, Route>, run?: Host['run']): NetworkHost {
  const asked: string[] = []
  const runs: ScriptRun[] = []
  return {
    label: 'oceanid@192.168.2.80',
    counts: { sessions: 0, forwards: 0 },
    asked,
    runs,
    forward: async (to, port, signal) => {
      asked.push(`${to}:${port}`)
      const route = routes.get(`${to}:${port}`)
      if (route === 'prohibited')
        throw Object.assign(new Error('administratively prohibited'), { code: 'forwarding-refused' })
      if (route === 'silent')
        return await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
      if (typeof route !== 'number')
        throw new HostError('connection-failed', 'oceanid@192.168.2.80', {
          title: `${to}:${port} cannot be reached from the host`,
          cause: 'Connection refused',
          remedy: 'open it',
        })
      const socket = connect(route, '127.0.0.1')
      await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
      return socket
    },
    run: async (script) => {
      runs.push(script)
      if (run === undefined) throw new Error('no script expected')
      return await run(script)
    },
    upload: async () => '',
    close: async () => undefined,
  }
}

function outline(checks: readonly Check[]): string[] {
  return checks.map((check) => `${check.id} ${check.verdict}`)
}

describe('the handshake', () => {
  let world: World
  const secret = '0123456789abcdef'
  const nowMs = Date.now()
  beforeEach(async () => {
    world = await startCluster({
      directory: '/nonexistent',
      faults: new Set(['wrong-ca-hash']),
      calypso: 'fresh',
      manifest: '',
      apiServers: [address, '203.0.113.7:6443'],
    })
    mint('abc123')
  })
  afterEach(async () => {
    await world.close()
  })

  function mint(id: string): void {
    const data = {
      'token-id': id,
      'token-secret': secret,
      expiration: new Date(nowMs + 600_000).toISOString(),
      'usage-bootstrap-authentication': 'true',
      'usage-bootstrap-signing': 'true',
      'auth-extra-groups': 'system:bootstrappers:k3s:default-node-token',
    }
    world.objects.put(`secrets/kube-system/bootstrap-token-${id}`, {
      metadata: { name: `bootstrap-token-${id}`, namespace: 'kube-system' },
      type: 'bootstrap.kubernetes.io/token',
      data: Object.fromEntries(
        Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
      ),
    })
  }

  function options(more: Partial<HandshakeOptions> = {}): HandshakeOptions {
    return {
      server,
      caPem: world.caPem,
      token: formatBootstrapToken(world.caHash, 'abc123', secret),
      signal: new AbortController().signal,
      ...more,
    }
  }

  const open = (): Map<string, Route> =>
    new Map<string, Route>([
      [address, world.port],
      ['203.0.113.7:6443', world.port],
    ])

  it('passes through the host’s network: authority, token, every API server', async () => {
    const heard: string[] = []
    const host = networkHost(open())
    const { checks, result } = await handshake(host, options(), (check) => heard.push(check.id))
    expect(outline(checks)).toEqual([
      'handshake.ca pass',
      'handshake.token pass',
      `handshake.apiserver.${address.replace(':', '-')} pass`,
      'handshake.apiserver.203.0.113.7-6443 pass',
    ])
    expect(heard).toEqual(checks.map((check) => check.id))
    expect(result).toEqual({ caHash: world.caHash, apiServers: [address, '203.0.113.7:6443'], via: 'forwarding' })
    expect(JSON.stringify(checks)).not.toContain(secret)
  })

  it('without a token (dry-run) asks everything else and says that the token was not exercised', async () => {
    const { token: _, ...rest } = options()
    const { checks, result } = await handshake(networkHost(open()), { ...rest, knownApiServers: ['203.0.113.7:6443'] })
    expect(outline(checks)).toEqual([
      'handshake.ca pass',
      'handshake.token skip',
      `handshake.apiserver.${address.replace(':', '-')} pass`,
      'handshake.apiserver.203.0.113.7-6443 pass',
    ])
    expect(checks[1]?.found).toBe('token not exercised')
    expect(result?.caHash).toBe(world.caHash)
    expect(world.requests.every((line) => line.startsWith('GET /cacerts'))).toBe(true)
  })

  it('shows the token to nobody but the cluster: another authority behind the address ends it', async () => {
    const impostor = world.impostor
    const { checks, result } = await handshake(networkHost(new Map([[address, impostor?.port ?? 0]])), options())
    expect(outline(checks)).toEqual(['handshake.ca fail'])
    expect(checks[0]?.found).toBe('another certificate authority')
    expect(checks[0]?.evidence?.join('\n')).toContain(world.caHash)
    expect(result).toBeUndefined()
    expect(impostor?.requests).toEqual(['GET /cacerts 200'])
  })

  it('does not fall for a stranger who serves the right authority without its key', async () => {
    const stranger = await (await createAuthority('stranger')).issue(['157.173.210.123'])
    const { createServer: createTls } = await import('node:https')
    const thief = createTls({ cert: stranger.certPem, key: stranger.keyPem }, (_request, response) =>
      response.end(world.caPem),
    )
    thief.on('tlsClientError', () => undefined)
    await new Promise<void>((resolve) => thief.listen(0, '127.0.0.1', resolve))
    const bound = thief.address()
    const port = typeof bound === 'object' && bound !== null ? bound.port : 0
    const { checks } = await handshake(networkHost(new Map([[address, port]])), options())
    expect(outline(checks)).toEqual(['handshake.ca fail'])
    expect(checks[0]?.found).toContain('certificate of another authority')
    thief.closeAllConnections()
    await new Promise((resolve) => thief.close(resolve))
  })

  it('compares the token’s own hash, before the token is sent', async () => {
    const token = formatBootstrapToken('f'.repeat(64), 'abc123', secret)
    const { checks } = await handshake(networkHost(open()), options({ token }))
    expect(outline(checks)).toEqual(['handshake.ca fail'])
    expect(checks[0]?.cause).toContain('token CA hash does not match')
    expect(world.requests.some((line) => line.includes('readyz'))).toBe(false)
  })

  it('forgives white space in the kubeconfig’s certificate, but not in a hash made from it', async () => {
    const caPem = world.caPem.trimEnd()
    expect((await handshake(networkHost(open()), options({ caPem }))).result?.caHash).toBe(world.caHash)
    const token = formatBootstrapToken(caHash(caPem), 'abc123', secret)
    const { checks } = await handshake(networkHost(open()), options({ caPem, token }))
    expect(outline(checks)).toEqual(['handshake.ca fail'])
    expect(checks[0]?.cause).toContain('differs in white space')
  })

  it('says that the server refuses the token', async () => {
    const { checks, result } = await handshake(networkHost(open()), options({ token: 'zzz999.0123456789abcdef' }))
    expect(outline(checks)).toEqual(['handshake.ca pass', 'handshake.token fail'])
    expect(checks[1]?.evidence).toEqual(['GET /v1-k3s/readyz: HTTP 401'])
    expect(result).toBeUndefined()
  })

  it('gives a token that was minted a moment ago the time to be seen', async () => {
    const host = networkHost(open())
    const forward = host.forward.bind(host)
    let connections = 0
    const late: Host = {
      ...host,
      forward: (...call) => {
        // After two times /cacerts and the first refusal.
        if (++connections === 4) mint('late12')
        return forward(...call)
      },
    }
    const { checks } = await handshake(late, options({ token: `late12.${secret}` }))
    expect(outline(checks)).toContain('handshake.token pass')
    expect(world.requests.filter((line) => line.includes('readyz'))).toEqual([
      'GET /v1-k3s/readyz 401',
      'GET /v1-k3s/readyz 200',
    ])
  })

  it('accepts the cluster’s own token as an agent shows it', async () => {
    const { checks } = await handshake(networkHost(open()), options({ token: world.serverToken }))
    expect(outline(checks)).toContain('handshake.token pass')
  })

  it.each([
    [true, 'the runner itself can reach it', 'allow 6443/tcp'],
    [false, 'the runner cannot reach it either', 'check that the server is running'],
  ])(
    'says that the server cannot be reached from the host, and whether the runner can (%s)',
    async (reaches, cause, remedy) => {
      const host = networkHost(new Map([[address, 'refused']]))
      const { checks } = await handshake(host, options({ probe: async () => reaches }))
      expect(outline(checks)).toEqual([`handshake.apiserver.${address.replace(':', '-')} fail`])
      expect(checks[0]?.found).toBe(`${address} refuses connections from the host`)
      expect(checks[0]?.cause).toContain(cause)
      expect(checks[0]?.remedy).toContain(remedy)
      expect(checks[0]?.evidence?.join()).toMatch(/Connection refused.*tried 3 times/)
      expect(host.asked).toHaveLength(3)
    },
  )

  it('finds the one API server that the host will not reach after the join', async () => {
    const routes = open().set('203.0.113.7:6443', 'refused')
    const { checks, result } = await handshake(networkHost(routes), options())
    expect(outline(checks).sort()).toEqual(
      [
        `handshake.apiserver.${address.replace(':', '-')} pass`,
        'handshake.apiserver.203.0.113.7-6443 fail',
        'handshake.ca pass',
        'handshake.token pass',
      ].sort(),
    )
    expect(result).toBeUndefined()
  })

  it('tries again after a fault that passes', async () => {
    const routes = open().set(address, 'refused')
    const host = networkHost(routes)
    const forward = host.forward.bind(host)
    const flaky: Host = {
      ...host,
      forward: (...call) => {
        if (host.asked.length === 1) routes.set(address, world.port)
        return forward(...call)
      },
    }
    expect((await handshake(flaky, options())).result).toBeDefined()
  })

  it('does not wait for a port that swallows packets when the run is cancelled', async () => {
    const cancel = new AbortController()
    const host = networkHost(new Map([[address, 'silent']]))
    const shaking = handshake(host, options({ signal: cancel.signal }))
    setImmediate(() => cancel.abort(new Error('cancelled by a person')))
    await expect(shaking).rejects.toThrow('cancelled by a person')
  })

  it('lets the failure of the host itself through', async () => {
    const host = networkHost(new Map())
    const lost: Host = {
      ...host,
      forward: () => Promise.reject(Object.assign(new Error('gone'), { code: 'connection-lost' })),
    }
    await expect(handshake(lost, options())).rejects.toMatchObject({ code: 'connection-lost' })
  })

  describe('where sshd forwards nothing', () => {
    const prohibited = new Map<string, Route>([
      [address, 'prohibited'],
      ['203.0.113.7:6443', 'prohibited'],
    ])

    /** Plays handshake.sh: asks the world over the same network, and answers in its JSON lines. */
    const viaScript: Host['run'] = async (script) => {
      const url = new URL(script.env?.URL ?? '')
      const { request } = await import('node:https')
      const ca = script.env?.CA_PEM ?? ''
      const authorization = script.secrets?.AUTHORIZATION ?? ''
      return await new Promise((resolve) => {
        const sending = request({
          host: '127.0.0.1',
          port: world.port,
          path: url.pathname,
          ...(ca === '' ? { rejectUnauthorized: false } : { ca }),
          headers: authorization === '' ? {} : { Authorization: authorization },
          agent: false,
        })
        sending.on('response', (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('end', () =>
            resolve({
              exitCode: 0,
              stderr: '',
              lines: [{ http: String(response.statusCode), body: Buffer.concat(chunks).toString('base64') }],
            }),
          )
        })
        sending.on('error', (error) =>
          resolve({ exitCode: 70, stderr: '', lines: [{ error: 'connect', curl: '60', message: error.message }] }),
        )
        sending.end()
      })
    }

    it('a program of the host asks instead, and never gets the token as an argument', async () => {
      const host = networkHost(prohibited, viaScript)
      const { checks, result } = await handshake(host, options({ script: 'main() { :; }' }))
      expect(outline(checks).every((line) => line.endsWith('pass'))).toBe(true)
      expect(result).toMatchObject({ via: 'host-command', caHash: world.caHash })
      expect(host.asked).toEqual([address])
      expect(JSON.stringify(host.runs.map((run) => run.env))).not.toContain(secret)
      expect(host.runs.some((run) => run.secrets?.AUTHORIZATION === `Bearer abc123.${secret}`)).toBe(true)
      expect(host.runs.every((run) => run.privilege === 'user')).toBe(true)
    })

    it.each([
      [
        { error: 'connect', curl: '28', message: 'Connection timed out' },
        `handshake.apiserver.${address.replace(':', '-')} fail`,
      ],
      [
        { error: 'connect', curl: '7', message: 'Failed to connect' },
        `handshake.apiserver.${address.replace(':', '-')} fail`,
      ],
      [
        { error: 'connect', curl: '6', message: 'Could not resolve host' },
        `handshake.apiserver.${address.replace(':', '-')} fail`,
      ],
      [{ error: 'connect', curl: '35', message: 'wrong version number' }, 'handshake.ca fail'],
      [{ error: 'no-curl', message: 'there is no curl on the host' }, 'handshake.ca error'],
      [{ http: '200', body: Buffer.from('<html>login</html>').toString('base64') }, 'handshake.ca fail'],
    ])('%j is %s', async (line, expected) => {
      const host = networkHost(prohibited, async () => ({ exitCode: 70, stderr: '', lines: [line] }))
      const { checks } = await handshake(host, options({ script: 'main() { :; }' }))
      expect(outline(checks)).toEqual([expected])
      expect(checks[0]?.remedy).not.toBe('')
    })

    it('and without a script, says which setting would help', async () => {
      const { checks } = await handshake(networkHost(prohibited), options())
      expect(outline(checks)).toEqual(['handshake.ca error'])
      expect(checks[0]?.remedy).toContain('AllowTcpForwarding')
    })
  })
})

describe('the handshake with something that is no k3s server', () => {
  const run = async (port: number, caPem: string, token?: string): Promise<readonly Check[]> => {
    const host = networkHost(new Map([[address, port]]))
    const signal = new AbortController().signal
    return (await handshake(host, { server, caPem, ...(token === undefined ? {} : { token }), signal })).checks
  }
  const names = ['157.173.210.123']

  it('names a load balancer that knows nothing of joining', async () => {
    await using other = await scriptedServer((request, response) => {
      if (request.url === '/cacerts') response.end(other.authority.bundlePem)
      else response.writeHead(404).end()
    }, names)
    const checks = await run(other.port, other.authority.bundlePem, 'abc123.0123456789abcdef')
    expect(outline(checks)).toEqual(['handshake.ca pass', 'handshake.token fail'])
    expect(checks[1]?.found).toContain('404')
  })

  it('names a certificate for other names, and sends no token there', async () => {
    await using other = await scriptedServer(
      (_request, response) => response.end(other.authority.bundlePem),
      ['198.51.100.1'],
    )
    const checks = await run(other.port, other.authority.bundlePem, 'abc123.0123456789abcdef')
    expect(outline(checks)).toEqual(['handshake.ca fail'])
    expect(checks[0]?.found).toContain('certificate for other names')
    expect(other.requests).toEqual(['GET /cacerts'])
  })

  it('survives an API server list that is hostile text', async () => {
    const hostile = JSON.stringify([
      '::warning::x',
      '157.173.210.123:6443',
      'a b:1',
      '[::1',
      '',
      'http://x:1',
      42,
      '\n::set-output name=a::b',
    ])
    await using other = await scriptedServer((request, response) => {
      if (request.url === '/cacerts') response.end(other.authority.bundlePem)
      else if (request.url === '/v1-k3s/apiservers') response.end(hostile)
      else response.end('ok')
    }, names)
    const checks = await run(other.port, other.authority.bundlePem, 'abc123.0123456789abcdef')
    expect(JSON.stringify(checks)).not.toMatch(/\\n|::warning|set-output/)
    expect(outline(checks)).toContain(`handshake.apiserver.${address.replace(':', '-')} pass`)
  })

  it('ends when the port speaks another protocol', async () => {
    const ssh: Server = createServer((socket) =>
      socket
        .on('error', () => undefined)
        .resume()
        .end('SSH-2.0-OpenSSH_9.2\r\n'),
    )
    await new Promise<void>((resolve) => ssh.listen(0, '127.0.0.1', resolve))
    const bound = ssh.address()
    const { certPem } = await createAuthority('x')
    const checks = await run(typeof bound === 'object' && bound !== null ? bound.port : 0, certPem)
    expect(outline(checks)).toEqual(['handshake.ca fail'])
    await new Promise((resolve) => ssh.close(resolve))
  })
})
