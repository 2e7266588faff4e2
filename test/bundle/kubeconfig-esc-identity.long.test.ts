/** Which cluster it is, and what may be done there: as the inputs expect it, from ESC and from a file on the runner alike. */
import { existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { createAuthority } from '../../rehearsal/cluster/index.ts'
import { type EscDoor, escDoors, server } from './kubeconfig-esc-door.ts'
import { fingerprintOf } from './kubeconfig-esc-texts.ts'

const opened = escDoors()

/** Lays a kubeconfig where it is to come from; gives the inputs that read it. */
type Lay = (door: EscDoor, text: string) => Readonly<Record<string, string>>
const fromEsc: Lay = (door, text) => door.store(text)
const fromRunner: Lay = (door, text) => {
  const path = join(door.folder, 'k3s.yaml')
  writeFileSync(path, text)
  return { kubeconfig: path, 'access-token': '' }
}

const uidOf = ({ cluster }: EscDoor): string => cluster.objects.get('namespaces/kube-system')?.metadata.uid ?? ''
const colons = (hex: string): string => (hex.toUpperCase().match(/../g) ?? []).join(':')

describe.each<[string, Lay]>([
  ['a kubeconfig from ESC', fromEsc],
  ['a kubeconfig on the runner', fromRunner],
])('%s', (_from, lay) => {
  it('of the cluster that is expected is loaded', async () => {
    const door = await opened()
    const text = door.cluster.adminKubeconfig(server)
    for (const expected of [fingerprintOf(door.cluster.caPem), colons(fingerprintOf(door.cluster.caPem))]) {
      const done = await door.press({
        inputs: { ...lay(door, text), 'expect-ca-sha256': expected, 'expect-cluster-uid': uidOf(door).toUpperCase() },
      })
      expect(done).toMatchObject({ exitCode: 0, outputs: { result: 'loaded', 'cluster-uid': uidOf(door) } })
      expect(readFileSync(done.outputs.kubeconfig ?? '', 'utf8')).toBe(text)
      expect(statSync(done.outputs.kubeconfig ?? '').mode & 0o777).toBe(0o600)
      await door.post(done)
      expect(door.leftovers()).toEqual([])
    }
  })

  it.each<[string, (door: EscDoor) => Promise<Readonly<Record<string, string>>>, string]>([
    [
      'with another authority than is expected',
      async () => ({ 'expect-ca-sha256': fingerprintOf((await createAuthority('other')).certPem) }),
      'kubeconfig-ca',
    ],
    [
      'with another UID than is expected',
      async () => ({ 'expect-cluster-uid': '11111111-2222-4333-8444-555555555555' }),
      'cluster-uid',
    ],
    [
      'with another UID than is expected, the check being ignored',
      async () => ({ 'expect-cluster-uid': '11111111-2222-4333-8444-555555555555', 'ignore-checks': 'cluster.uid' }),
      'cluster-uid',
    ],
  ])('%s is refused, and nothing is placed', async (_story, expected, code) => {
    const door = await opened()
    const done = await door.press({
      inputs: { ...lay(door, door.cluster.adminKubeconfig(server)), ...(await expected(door)) },
    })
    expect(done).toMatchObject({ exitCode: 1, outputs: { result: 'failed', 'failure-code': code } })
    expect([existsSync(done.exported.KUBECONFIG ?? ''), door.leftovers()]).toEqual([false, []])
  })

  it('says which checks cannot be ignored, and which do not exist', async () => {
    const door = await opened()
    const inputs = { ...lay(door, door.cluster.adminKubeconfig(server)), 'ignore-checks': 'cluster.uid, server.clok' }
    const done = await door.press({ inputs })
    expect(done.exitCode).toBe(0)
    expect(done.stdout).toContain('! ignore-checks: cluster.uid cannot be ignored')
    expect(done.stdout).toContain('! ignore-checks: there is no check server.clok; did you mean server.clock?')
  })

  it('whose server has another authority is refused before a credential is sent', async () => {
    const door = await opened()
    const stranger = await createAuthority('k3s-server-ca@1700000000')
    const text = door.cluster
      .adminKubeconfig(server)
      .replace(
        /certificate-authority-data: .*/,
        `certificate-authority-data: ${Buffer.from(stranger.certPem).toString('base64')}`,
      )
    const done = await door.press({ inputs: lay(door, text) })
    expect(done).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'server-tls' } })
    expect([door.cluster.requests, door.leftovers()]).toEqual([[], []])
  })
})

describe('the UID that cannot be read', () => {
  it('is no reason to believe in the cluster, when one is expected', async () => {
    const door = await opened()
    door.cluster.answerWith(/namespaces\/kube-system$/, 403, '{"kind":"Status","status":"Failure","code":403}')
    const done = await door.press({
      inputs: { ...fromEsc(door, door.cluster.adminKubeconfig(server)), 'expect-cluster-uid': uidOf(door) },
    })
    expect(done).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'cluster-uid', 'cluster-uid': '' } })
    expect(door.leftovers()).toEqual([])
  })
})

describe('rights', () => {
  it.each([
    ['join', 'join', ''],
    ['join', 'deploy', 'server-access'],
    ['join', 'any', ''],
    ['admin', 'deploy', ''],
    ['admin', 'join', ''],
    // More rights than a job that looks needs: said, and no reason to stop it.
    ['admin', 'verify', ''],
  ])('of the user %s for the purpose %s', async (user, purpose, code) => {
    const door = await opened()
    const text = user === 'join' ? door.cluster.kubeconfig(server) : door.cluster.adminKubeconfig(server)
    const done = await door.press({ inputs: { ...fromEsc(door, text), purpose } })
    expect(done.outputs).toMatchObject({ result: code === '' ? 'loaded' : 'failed', 'failure-code': code })
    const check = done.report?.checks.find(({ id }) => id === 'server.access')
    const verdict = purpose === 'verify' ? 'warn' : purpose === 'any' ? 'skip' : code === '' ? 'pass' : 'fail'
    expect(check?.verdict).toBe(verdict)
    if (verdict === 'fail' || verdict === 'warn') expect(check?.remedy).toBeTruthy()
  })
})

describe('a path on the runner', () => {
  it.each<[string, (door: EscDoor) => string, string]>([
    ['where there is nothing', (door) => join(door.folder, 'nothing'), 'kubeconfig-missing'],
    ['that is a folder', (door) => door.folder, 'kubeconfig-missing'],
    ['of a device', () => '/dev/null', 'kubeconfig-missing'],
    ['of something without an end', () => '/dev/zero', 'kubeconfig-missing'],
    [
      'of something large',
      (door) => {
        writeFileSync(join(door.folder, 'large'), 'x'.repeat(5 * 1024 * 1024))
        return join(door.folder, 'large')
      },
      'kubeconfig-invalid',
    ],
  ])(
    '%s is told by its own code, at once',
    async (_story, path, code) => {
      const door = await opened()
      const done = await door.press({ inputs: { kubeconfig: path(door), 'access-token': '' } })
      expect(done).toMatchObject({ exitCode: 1, stderr: '', outputs: { 'failure-code': code } })
      expect(door.leftovers()).toEqual([])
      expect(door.pulumi.requests).toEqual([])
    },
    20_000,
  )

  it('that is a link is followed, and the copy is a file of its own', async () => {
    const door = await opened()
    const { kubeconfig = '' } = fromRunner(door, door.cluster.kubeconfig(server))
    symlinkSync(kubeconfig, join(door.folder, 'link'))
    const done = await door.press({ inputs: { kubeconfig: join(door.folder, 'link'), 'access-token': '' } })
    expect(done.outputs.result).toBe('loaded')
    expect(done.outputs.kubeconfig).not.toBe(kubeconfig)
    await door.post(done)
    expect(existsSync(kubeconfig)).toBe(true)
  })
})
