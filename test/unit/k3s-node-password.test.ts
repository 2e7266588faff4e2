/** Node passwords: the stored hash is the cluster's text, and what follows from a mismatch depends on whose the name is. */
import { describe, expect, it } from '@jest/globals'
import { nodePasswordSecret as storedSecret } from '../../rehearsal/cluster/index.ts'
import { type JoinSituation, planJoin } from '../../src/join/index.ts'
import { type K3sInstallation, k3sChecks, planHost } from '../../src/k3s/index.ts'
import { freeName } from '../../src/k3s/inspect.ts'
import {
  type NodePasswordFinding,
  nodePasswordSecret,
  nodePasswordState,
  parsePasswordHash,
  passwordRuling,
  verifyPassword,
} from '../../src/k3s/node-password.ts'
import { type Cluster, ClusterError, type NodePassword } from '../../src/kubernetes/index.ts'
import { factsOfCalypso, joinedByHand, nodeCalypso, nothingInstalled, situation, version } from './situations.ts'

const never = new AbortController().signal
const password = '0123456789abcdef0123456789abcdef'
// Derived with another implementation of scrypt (Python's hashlib) from this password and salt.
const hash =
  '$1:a1b2c3d4e5f60718:15:8:1:bJHU7gpnUSGgycUyHXXDUjpXw8DsrxA9RyiBiv623TNor3dRq/rXbLVsIYkb9JFmU0Ep1ru6RYja4GXl+Yc7QA'

describe('a stored hash', () => {
  it('tells the password it was made of from any other', async () => {
    expect(await verifyPassword(hash, password)).toBe(true)
    expect(await verifyPassword(hash, password.replace('0', '1'))).toBe(false)
    expect(await verifyPassword(hash, '')).toBe(false)
  })

  it('is read as the embedded server writes it', async () => {
    const { hash: stored = '' } = storedSecret('calypso', password).data as Record<string, string>
    expect(await verifyPassword(Buffer.from(stored, 'base64').toString(), password)).toBe(true)
  })

  it('has a Secret with the name that k3s gives it', () => {
    expect(nodePasswordSecret('Calypso')).toBe('calypso.node-password.k3s')
  })

  const key = hash.split(':').at(-1)
  it.each([
    ['nothing', ''],
    ['another version', hash.replace('$1', '$2')],
    ['a salt that is none', hash.replace('a1b2', 'zzzz')],
    ['half a byte of salt', hash.replace('a1b2c3d4e5f60718', 'a1b')],
    ['an N that would take gigabytes', `$1:a1b2c3d4e5f60718:24:8:1:${key}`],
    ['an N beyond every machine', `$1:a1b2c3d4e5f60718:99:8:1:${key}`],
    ['an r that would take gigabytes', `$1:a1b2c3d4e5f60718:15:99:1:${key}`],
    ['a p that would take minutes', `$1:a1b2c3d4e5f60718:15:8:9:${key}`],
    ['no cost at all', `$1:a1b2c3d4e5f60718:0:8:1:${key}`],
    ['no r', `$1:a1b2c3d4e5f60718:15:0:1:${key}`],
    ['a key of nothing', '$1:a1b2c3d4e5f60718:15:8:1:'],
    ['a key without end', `$1:a1b2c3d4e5f60718:15:8:1:${'A'.repeat(100_000)}`],
    ['something behind it', `${hash}\n::set-output name=x::y`],
  ])('that has %s is none: nothing is derived, and nobody is accused', async (_, text) => {
    expect(parsePasswordHash(text)).toBeUndefined()
    expect(await verifyPassword(text, password)).toBeUndefined()
  })
})

describe('the state of a node password', () => {
  const known = { hasSecret: true, hasFile: true, password, isMatch: true as boolean | undefined }
  it.each([
    ['none', { ...known, hasSecret: false }],
    ['matches', known],
    ['different', { ...known, isMatch: false }],
    ['missing', { ...known, hasFile: false }],
    ['empty', { ...known, password: '', isMatch: undefined }],
    ['unknown', { ...known, isMatch: undefined }],
    ['unknown', { ...known, password: undefined }],
  ] as const)('is %s', (state, given) => expect(nodePasswordState(given)).toBe(state))
})

const secret = { uid: 'b2a6', resourceVersion: '7', createdAt: '2026-08-01T10:00:00Z' }
const missing: NodePasswordFinding = { state: 'missing', secret }
const stranger = nodeCalypso({ systemUuid: '11111111-2222-3333-4444-555555555555', machineId: 'ffff' })
const own = nodeCalypso({ ready: 'Unknown' })
/** `ageMs`: of the last heartbeat. */
function reading(node: ReturnType<typeof nodeCalypso> | undefined, ageMs: number): JoinSituation['reading'] {
  return { version, serverTimeMs: 1_000_000, leaseRenewedAtMs: 1_000_000 - ageMs, ...(node ? { node } : {}) }
}
const typed = { ...situation().consent, replaceNode: 'calypso' }

describe('a password that the server would reject', () => {
  const vendorNode = nodeCalypso({ ready: 'Unknown', systemUuid: '03000200-0400-0500-0006-000700080009' })
  const vendorFacts = factsOfCalypso({ systemUuid: '03000200-0400-0500-0006-000700080009' })
  it.each([
    ['healed', 'the board of the dead node is this one', { reading: reading(own, 600_000) }],
    ['replaced', 'the dead node is replaced', { reading: reading(stranger, 600_000), consent: typed }],
    ['replaced', 'nobody has the name, and it was typed', { reading: reading(undefined, 600_000), consent: typed }],
    ['unproven', 'nobody has the name', { reading: reading(undefined, 600_000) }],
    ['unproven', 'only the machine-id agrees', { reading: reading(vendorNode, 600_000), facts: vendorFacts }],
    ['foreign', 'the dead node is another board', { reading: reading(stranger, 600_000) }],
    ['foreign', 'the node of another board lives', { reading: reading(stranger, 5_000), consent: typed }],
    ['live', 'the node that lives is this board', { reading: reading(nodeCalypso(), 5_000) }],
    ['live', 'it lives, and the name was typed', { reading: reading(nodeCalypso(), 5_000), consent: typed }],
    [
      'live',
      'it is not Ready, and beats',
      { reading: reading(nodeCalypso({ ready: 'False' }), 5_000), consent: typed },
    ],
  ] as const)('is %s when %s', (ruling, _, changes) => {
    const given = situation(changes)
    for (const state of ['missing', 'different'] as const)
      expect(passwordRuling(given, { ...missing, state })).toBe(ruling)
    expect(passwordRuling(given, { state: 'matches', secret })).toBe('fine')
    expect(passwordRuling(given, { state: 'none' })).toBe('fine')
  })

  it('that could not be compared is deleted for nobody but who typed the name', () => {
    const unknown: NodePasswordFinding = { state: 'unknown', secret, problem: 'no root' }
    expect(passwordRuling(situation({ reading: reading(own, 600_000) }), unknown)).toBe('unknown')
    expect(passwordRuling(situation({ reading: reading(own, 600_000), consent: typed }), unknown)).toBe('replaced')
    expect(passwordRuling(situation({ reading: reading(own, 5_000), consent: typed }), unknown)).toBe('unknown')
  })

  it('that is an empty file is no business of the Secret', () => {
    expect(
      passwordRuling(situation({ reading: reading(own, 600_000), consent: typed }), { state: 'empty', secret }),
    ).toBe('empty')
  })
})

describe('the plan', () => {
  const with_ = (found: K3sInstallation, nodePassword: NodePasswordFinding) => ({ ...found, nodePassword })
  const version0 = { id: 'k3s.version', verdict: 'pass', question: '', found: '' } as const
  const made = (given: JoinSituation, finding: NodePasswordFinding, found = nothingInstalled) =>
    planJoin(given, planHost(given, with_(found, finding), undefined), [])
  const checkOf = (given: JoinSituation, finding: NodePasswordFinding, found = nothingInstalled) =>
    k3sChecks(given, with_(found, finding), version0).find((one) => one.id.endsWith('.node-password'))

  it('deletes the Secret after the token is minted and before the host changes; the node stays', () => {
    const given = situation({ reading: reading(own, 600_000) })
    const ids = made(given, missing).changes.map((change) => change.id)
    expect(ids.slice(0, 3)).toEqual(['mint-token', 'delete-node-password', 'upload-binary'])
    expect(ids).not.toContain('delete-node')
    const change = made(given, missing).changes.find((one) => one.id === 'delete-node-password')
    expect(change).toMatchObject({ kind: 'delete', target: 'secret kube-system/calypso.node-password.k3s' })
    expect(change?.undo).toMatch(/^none/)
    expect(checkOf(given, missing)).toMatchObject({ verdict: 'warn', id: 'k3s.node-password' })
  })

  it('of a node that lives deletes nothing, shows both identities and says how to go on, whatever was typed', () => {
    const given = situation({ reading: reading(nodeCalypso(), 5_000), consent: typed })
    expect(made(given, missing, joinedByHand).changes.filter((change) => change.kind === 'delete')).toEqual([])
    const check = checkOf(given, missing, joinedByHand)
    expect(check).toMatchObject({ id: 'plan.node-password', verdict: 'fail' })
    expect(check?.remedy).toMatch(/stop k3s-agent.*no longer alive.*press the button again/)
    expect(check?.evidence?.filter((line) => line.includes('4c4c4544'))).toHaveLength(2)
  })

  it('is stopped without proof, and the remedy is the name', () => {
    const given = situation({ reading: reading(undefined, 600_000) })
    expect(checkOf(given, missing)).toMatchObject({
      id: 'k3s.node-password',
      verdict: 'fail',
      remedy: expect.stringContaining('replace-node = calypso'),
    })
    expect(made(given, missing).changes.map((change) => change.id)).not.toContain('delete-node-password')
  })

  it('leaves a name that is somebody else’s to cluster.name', () => {
    expect(checkOf(situation({ reading: reading(stranger, 600_000) }), missing)?.verdict).toBe('skip')
  })

  it('says so when nobody was asked, because no agent is started', () => {
    const check = k3sChecks(situation(), joinedByHand, version0).find((one) => one.id === 'k3s.node-password')
    expect(check?.verdict).toBe('skip')
  })
})

describe('freeing a name', () => {
  /** A cluster that keeps `stored` until it is deleted as the API server deletes: exactly what was read. */
  function keeper(
    stored: NodePassword | undefined,
    onRead: (times: number) => NodePassword | undefined | 'same' = () => 'same',
  ) {
    const deleted: string[] = []
    let kept = stored
    let times = 0
    const cluster = {
      nodePassword: async () => {
        const next = onRead(++times)
        if (next !== 'same') kept = next
        return kept
      },
      deleteNodePassword: async (name: string, read: { uid: string; resourceVersion: string }) => {
        if (!kept) return
        if (read.uid !== kept.uid || read.resourceVersion !== kept.resourceVersion)
          throw new ClusterError('conflict', { title: 'another one', cause: '', remedy: '' })
        deleted.push(name)
        kept = undefined
      },
    } as unknown as Cluster
    return { cluster, deleted }
  }
  const stored = { ...secret, hash }
  const name = 'calypso.node-password.k3s'

  it('deletes what was looked at', async () => {
    const { cluster, deleted } = keeper(stored)
    await freeName(cluster, name, secret, false, never)
    expect(deleted).toEqual([name])
  })

  it('is done already when it is gone', async () => {
    const { cluster, deleted } = keeper(undefined)
    await freeName(cluster, name, secret, false, never)
    expect(deleted).toEqual([])
  })

  it.each([
    ['another Secret', { ...stored, uid: 'c3d7' }],
    ['one that was changed', { ...stored, resourceVersion: '8' }],
  ])('never deletes %s', async (_, now) => {
    const { cluster, deleted } = keeper(now)
    await expect(freeName(cluster, name, secret, false, never)).rejects.toMatchObject({ code: 'conflict' })
    expect(deleted).toEqual([])
  })

  it('of a node that was deleted waits for the cluster, which takes the Secret away itself', async () => {
    const { cluster, deleted } = keeper(stored, (times) => (times < 3 ? 'same' : undefined))
    await freeName(cluster, name, secret, true, never)
    expect(deleted).toEqual([])
  })

  it('deletes it, also with an owner added since, when the cluster does not within the time', async () => {
    const { cluster, deleted } = keeper({ ...stored, resourceVersion: '8' })
    await freeName(cluster, name, secret, true, never, 1)
    expect(deleted).toEqual([name])
  })

  it('leaves the password of a machine that has registered since', async () => {
    const { cluster, deleted } = keeper(stored, (times) => (times < 2 ? 'same' : { ...stored, uid: 'c3d7' }))
    await expect(freeName(cluster, name, secret, true, never)).rejects.toMatchObject({ code: 'conflict' })
    expect(deleted).toEqual([])
  })
})
