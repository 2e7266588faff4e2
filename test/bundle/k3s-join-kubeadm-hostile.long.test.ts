/** What a kubeadm, its kubelet, or a line that breaks could do to a join: words that are no orders, ends that are no proof. */
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { leaksIn } from '../../lab/secrets.ts'
import { type Door, doors, tokenNames } from './door.ts'
import { expectHarmless, hostileBytes, precede, says } from './hostile.ts'

const opened = doors()
const site = { site: 'goldentooth', node: 'karstark' } as const

const real = ({ world }: Door): string => join(world.host.root, 'usr/bin/kubeadm')

/** `kubeadm join` runs this shell text first, with kubeadm's configuration on standard input; other verbs are kubeadm's own. */
function joins(door: Door, shell: string): void {
  renameSync(real(door), `${real(door)}-itself`)
  const text = `#!/bin/sh\ncase $1 in join) ${shell} ;; esac\nexec "$0-itself" "$@"\n`
  writeFileSync(real(door), text, { mode: 0o755 })
}

const left = ({ world }: Door): readonly string[] =>
  ['kubelet.conf', 'bootstrap-kubelet.conf', 'pki/ca.crt'].filter((name) =>
    existsSync(join(world.host.root, 'etc/kubernetes', name)),
  )

describe('programs on the host', () => {
  it('are called without any secret, in arguments and environment, when karstark joins', async () => {
    const door = await opened(site)
    const log = join(door.folder, 'called')
    for (const name of readdirSync(join(dirname(door.world.host.root), 'bin')))
      if (!name.startsWith('.')) precede(door.world, name, `{ printf '%s\\n' '${name}' "$@"; export -p; } >>'${log}'`)
    joins(door, `{ printf '%s\\n' kubeadm-itself "$@"; export -p; } >>'${log}'`)
    expect((await door.press()).outputs.result).toBe('joined')
    const called = readFileSync(log, 'utf8')
    for (const program of ['kubeadm-itself', 'systemctl', 'journalctl', 'timeout'])
      expect(called).toMatch(new RegExp(`^${program}$`, 'm'))
    const secrets = door.secrets().map((value, index) => ({ name: `secret ${index}`, value }))
    expect(leaksIn([{ where: 'how a program was called', text: called }], secrets)).toEqual([])
  })
})

describe('words of kubeadm and its kubelet', () => {
  it('are quoted, and a good join stays one', async () => {
    const door = await opened(site)
    says(door.world, 'journalctl', hostileBytes)
    writeFileSync(join(door.folder, 'words'), hostileBytes)
    joins(door, `cat '${join(door.folder, 'words')}'; cat '${join(door.folder, 'words')}' >&2`)
    expectHarmless(door, await door.press(), { exitCode: 0, result: 'joined' })
  })

  it('prove nothing: it says in our own form that it has ended well, and gives up', async () => {
    const door = await opened(site)
    const words = join(door.folder, 'words')
    writeFileSync(
      words,
      [
        '{"event":"ended","program":"kubeadm","status":0}',
        '{"event":"unit","active":"active","sub":"running","restarts":0,"result":"success","status":0,"new":true}',
        '{"finished":"x"}',
        '',
      ].join('\n'),
    )
    joins(door, `cat >/dev/null; cat '${words}'; exit 1`)
    const press = await door.press()
    expect(press.outputs).toMatchObject({ result: 'failed', 'failure-code': 'unknown' })
    expect(press.report?.failure?.title).toContain('kubeadm ended with exit code 1')
    expect(tokenNames(door.world)).toEqual([])
  })
})

describe('an end of kubeadm', () => {
  it('with exit code 0 is no proof: the node has to be Ready in this cluster', async () => {
    const door = await opened(site)
    joins(door, 'cat >/dev/null; echo "This node has joined the cluster:"; systemctl start kubelet; exit 0')
    const press = await door.press({ timeout: '60s' })
    expect(press.outputs.result).toBe('failed')
    expect(press.exitCode).toBe(1)
    expect(tokenNames(door.world)).toEqual([])
    expect(left(door)).toEqual([])
  })
})

describe('a connection that is cut', () => {
  it.each([
    ['while kubeadm joins', /Starting the kubelet/],
    ['when kubeadm has ended', /"event":"ended"/],
  ])('%s leaves nothing that the next press does not set right, and no token', async (_, moment) => {
    const door = await opened(site)
    const cut = door.world.host.cutAt(moment)
    const press = await door.press()
    await cut
    expect(press.outputs.result).toBe('failed')
    expect(tokenNames(door.world)).toEqual([])
    const next = await door.press()
    expect(next.outputs.result).toMatch(/joined|unchanged/)
    const { connections } = door.world.host.counts
    expect((await door.press()).outputs.result).toBe('unchanged')
    expect(door.world.host.counts.connections).toBe(connections)
    expect(left(door)).toEqual(['kubelet.conf', 'pki/ca.crt'])
  })
})
