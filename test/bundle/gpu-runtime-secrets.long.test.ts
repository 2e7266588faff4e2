/** Secrets of a run of gpu-runtime: neither programs of the host nor of the runner are called with one, and none is written down. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { leaksIn } from '../../lab/secrets.ts'
import { laySudo } from '../../rehearsal/host/machine-state.ts'
import { doors } from './door.ts'
import { precede } from './hostile.ts'

const opened = doors()
const password = 'correct-horse-battery-staple'

/** Arguments and environment of a process and of everything below it, as whoever is on the runner can list them. */
function familyOf(pid: number): string {
  const read = (path: string): string => {
    try {
      return readFileSync(path, 'latin1')
    } catch {
      // It has ended.
      return ''
    }
  }
  const children = read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number)
  // The process itself was given its inputs by the runner, in its environment.
  return [
    read(`/proc/${pid}/cmdline`),
    ...children.map((child) => read(`/proc/${child}/environ`) + familyOf(child)),
  ].join('\n')
}

describe('a run that installs, restarts and waits', () => {
  it('shows key, password and token to no program, and leaves none in log, summary, report, evidence or on the host', async () => {
    const door = await opened({ action: 'gpu-runtime', toolkit: '', faults: new Set(['gpu-restart-fails']) })
    const { world, folder } = door
    world.calypso.setGpuProcesses([])
    laySudo(join(folder, 'world', 'calypso', 'state'), { mode: 'password', password }, 0.1)
    const called = join(folder, 'called')
    const root = world.calypso.root
    for (const name of readdirSync(join(dirname(root), 'bin')))
      if (!name.startsWith('.')) precede(world, name, `{ printf '%s\\n' '${name}' "$@"; export -p; } >>'${called}'`)
    const secrets = () => [
      ...door.secrets().map((value, index) => ({ name: `secret ${index}`, value })),
      { name: 'the password', value: password },
    ]
    const look = async (run: ReturnType<typeof door.start>): Promise<string> => {
      let seen = ''
      let isOver = false
      void run.ended.finally(() => {
        isOver = true
      })
      for (; !isOver; await sleep(20)) seen += familyOf(run.child.pid ?? 0)
      return seen
    }
    const without = await door.press()
    expect(without).toMatchObject({ exitCode: 1, outputs: { changed: 'false' } })
    // One run that is taken back, with evidence of its failure, and one whose harmful template stays as it is.
    const failing = door.start({ 'sudo-password': password })
    const seen = await look(failing)
    const failed = await failing.ended
    expect(failed).toMatchObject({ exitCode: 1, outputs: { result: 'failed', evidence: expect.stringMatching(/./) } })
    for (const program of ['sudo', 'apt-get', 'gpg', 'curl', 'nvidia-smi', 'systemctl', 'docker'])
      expect(readFileSync(called, 'utf8')).toMatch(new RegExp(`^${program}$`, 'm'))
    // What a run leaves on the host for the next one.
    const kept = join(root, 'var/lib/k3s-gpu-actions')
    const texts = existsSync(kept)
      ? readdirSync(kept, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
      : []
    const exhibits = [
      { where: 'how a program of the host was called', text: readFileSync(called, 'utf8') },
      { where: 'processes of the runner', text: seen },
      { where: 'what is kept on the host', text: texts.join('\n') },
      ...door.left(),
      { where: 'state', text: JSON.stringify([without.state, failed.state]) },
    ]
    expect(leaksIn(exhibits, secrets())).toEqual([])
    // Proof that the search finds what is there.
    expect(leaksIn([{ where: 'here', text: `x ${password} y` }], secrets())).toHaveLength(1)
  }, 240_000)
})
