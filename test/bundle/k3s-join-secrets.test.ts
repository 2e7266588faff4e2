/** Secrets in the journal of an agent: what a run writes down goes into an artifact, which no mask of the runner covers. */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { type Door, doors, openDoor, type Press, tokenNames } from './door.ts'

const opened = doors()

/** A bootstrap token of somebody else, which this run never heard of. */
const foreign = { id: 'zzzzzz', secret: 'abcdefghij012345' }

interface Shown {
  /** The token of this run, as its agent got it. */
  readonly token: string
  readonly secret: string
}

/**
 * Calls `lay` with the token of the run as soon as it is minted: before the agent starts, and after the survey has read the host.
 * What it returns is laid as one more configuration file, from which the agent's journal and Node show some values.
 */
function configureOnMint({ world }: Door, lay: (shown: Shown) => string): void {
  world.cluster.objects.listen(({ object }) => {
    const { 'token-id': id, 'token-secret': secret } = (object.data ?? {}) as Record<string, string | undefined>
    if (!id || !secret) return
    const plain = { id: Buffer.from(id, 'base64').toString(), secret: Buffer.from(secret, 'base64').toString() }
    const folder = join(world.calypso.root, 'etc/rancher/k3s/config.yaml.d')
    mkdirSync(folder, { recursive: true })
    const token = `K10${world.cluster.caHash}::${plain.id}.${plain.secret}`
    writeFileSync(join(folder, '60-somebody.yaml'), lay({ token, secret: plain.secret }))
  })
}

/** Everything that a run leaves or shows, by where. Lines that tell the runner what to mask are never shown. */
function leftBy({ folder }: Door, press: Press): ReadonlyMap<string, string> {
  const shown = press.stdout.split('\n').filter((line) => !line.startsWith('::add-mask::'))
  const texts = new Map([
    ['stdout', shown.join('\n')],
    ['stderr', press.stderr],
  ])
  for (const run of readdirSync(folder).filter((name) => name.startsWith('press-')))
    for (const name of readdirSync(join(folder, run), { recursive: true, encoding: 'utf8' }))
      if (statSync(join(folder, run, name)).isFile()) texts.set(name, readFileSync(join(folder, run, name), 'utf8'))
  return texts
}

function expectNone(texts: ReadonlyMap<string, string>, secrets: readonly string[]): void {
  const found = [...texts].flatMap(([where, text]) =>
    secrets.filter((secret) => text.includes(secret)).map((secret) => `${where} holds ${secret}`),
  )
  expect(found).toEqual([])
}

const folderOfReport = 'temp/k3s-gpu-actions/k3s-join-calypso'

describe('an agent that shows tokens', () => {
  it('leaves none of them in evidence, report, summary, outputs or log of a join', async () => {
    const opening = await opened()
    // The journal shows both, and the Node carries the address into the outputs.
    configureOnMint(opening, ({ token, secret }) =>
      JSON.stringify({
        'node-ip': token,
        'node-label+': [`a=${Buffer.from(`x${secret}y`).toString('base64')}`],
      }),
    )
    const run = await opening.press()
    expect(run).toMatchObject({ exitCode: 0, outputs: { result: 'joined', 'internal-ip': '***' } })
    const texts = leftBy(opening, run)
    expectNone(texts, [...opening.secrets(), foreign.secret])
    expect(texts.get(`${folderOfReport}/evidence.txt`)).toMatch(/--node-ip=\*\*\* --node-labels=.*a=.{1,2}\*\*\*/)
    for (const name of ['report.json', 'summary.md']) expect([...texts.keys()]).toContain(`${folderOfReport}/${name}`)
  })

  it('leaves none in failure and annotation either, nor one of somebody else that nobody masked', async () => {
    const opening = await opened()
    const { world } = opening
    // The API server refuses such labels, and quotes them.
    configureOnMint(opening, () =>
      JSON.stringify({
        'node-ip': `token:${foreign.id}.${foreign.secret}`,
        'node-label+': [`b=${world.cluster.serverToken}`],
      }),
    )
    const run = await opening.press()
    expect(run).toMatchObject({ exitCode: 1, outputs: { result: 'failed' } })
    expect(run.report?.failure?.evidence.join()).toContain('Invalid value: "K10***"')
    const texts = leftBy(opening, run)
    expectNone(texts, [...opening.secrets(), foreign.secret])
    expect(texts.get(`${folderOfReport}/evidence.txt`)).toContain(`--node-ip=token:${foreign.id}.*** `)
  })
})

describe('the state', () => {
  it('that main leaves holds the id of its token and the path of the kubeconfig, and no secret', async () => {
    const { world, start, secrets } = await opened()
    const run = start()
    await run.seen(/▸ Start k3s-agent/)
    const [name = ''] = tokenNames(world)
    run.child.kill('SIGKILL')
    const { state } = await run.ended
    expect(state).toEqual({
      'token-id': name.replace('bootstrap-token-', ''),
      kubeconfig: world.kubeconfigFile,
      context: '',
    })
    expect(state['token-id']).toMatch(/^[a-z0-9]{6}$/)
    expect(secrets().filter((secret) => JSON.stringify(state).includes(secret))).toEqual([])
  })
})

describe('a test that leaves a secret on the runner', () => {
  it.each([
    ['as it is', (secret: string) => secret],
    ['in base64, at any place', (secret: string) => Buffer.from(`x${secret}y`).toString('base64')],
    ['escaped for a URL', (secret: string) => encodeURIComponent(`"${secret}"`)],
  ])('fails when its door closes: %s', async (_story, change) => {
    const door = await openDoor()
    mkdirSync(join(door.folder, 'press-1', 'temp'), { recursive: true })
    writeFileSync(join(door.folder, 'press-1', 'temp', 'left'), change(door.world.cluster.serverToken))
    await expect(door.close()).rejects.toThrow(/in press-1\/temp\/left/)
  })
})

describe('post', () => {
  const warning = /^::warning /m

  it('says nothing after a main that has deleted its token, although the kubeconfig is gone by then', async () => {
    const { world, press, post } = await opened()
    const main = await press()
    expect(main.outputs.result).toBe('joined')
    rmSync(world.kubeconfigFile)
    const after = await post(main.state)
    expect([after.exitCode, after.stdout, after.stderr]).toEqual([0, '', ''])
  })

  it('deletes the token of a main that could not, and does it again without complaint', async () => {
    const { world, post } = await opened()
    world.cluster.objects.put('secrets/kube-system/bootstrap-token-abc123', {
      metadata: { name: 'bootstrap-token-abc123', namespace: 'kube-system' },
    })
    const state = { 'token-id': 'abc123', kubeconfig: world.kubeconfigFile, context: '' }
    for (const _time of [1, 2]) {
      const run = await post(state)
      expect([run.exitCode, warning.test(run.stdout)]).toEqual([0, false])
      expect(tokenNames(world)).toEqual([])
    }
  })

  it('that cannot delete a token warns, fails nothing, and names the command that does it', async () => {
    const { post } = await opened()
    const run = await post({ 'token-id': 'abc123', kubeconfig: '/no/such/kubeconfig', context: '' })
    expect(run.exitCode).toBe(0)
    expect(run.stdout).toMatch(warning)
    expect(run.stdout).toContain('kubectl -n kube-system delete secret bootstrap-token-abc123')
  })
})
