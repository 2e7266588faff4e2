import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

const hook = join(import.meta.dirname, '..', '..', '..', 'runner', 'job-completed.sh')
const sleep = realpathSync(existsSync('/usr/bin/sleep') ? '/usr/bin/sleep' : '/bin/sleep')
/** `github_<GUID>` (actions/runner: src/Runner.Worker/JobExtension.cs). */
const tracking = 'github_0b0e7d30-6b39-4d4c-9b3f-6a1f1d0c0001'

let ground: string
let temporary: string
let children: ChildProcess[] = []

beforeEach(() => {
  ground = realpathSync(mkdtempSync(join(tmpdir(), "hook's ground-")))
  temporary = join(ground, '_temp')
  mkdirSync(temporary)
})
afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
  children = []
  rmSync(ground, { recursive: true, force: true })
})

/** As the runner starts it: `bash -e`, in the job's environment. */
function complete(environment: Readonly<Record<string, string>> = {}, shell: readonly string[] = ['bash', '-e']) {
  const [program = 'bash', ...first] = shell
  return spawnSync(program, [...first, hook], {
    encoding: 'utf8',
    timeout: 30_000,
    env: {
      PATH: process.env.PATH ?? '/usr/bin:/bin',
      HOME: join(ground, 'home'),
      RUNNER_TEMP: temporary,
      RUNNER_TRACKING_ID: tracking,
      K3S_GPU_ACTIONS_HOOK_PATIENCE_S: '1',
      ...environment,
    },
  })
}

async function start(program: string, args: readonly string[], environment: Readonly<Record<string, string>>) {
  const child = spawn(program, args, {
    env: { PATH: '/usr/bin:/bin', ...environment },
    stdio: 'ignore',
    detached: true,
  })
  children.push(child)
  await once(child, 'spawn')
  return child
}

const isGone = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null

async function ended(child: ChildProcess): Promise<void> {
  if (!isGone(child)) await once(child, 'exit')
}

function place(name: string): void {
  mkdirSync(join(temporary, name, 'oceanid-1'), { recursive: true, mode: 0o700 })
  writeFileSync(join(temporary, name, 'oceanid-1', 'kubeconfig'), 'client-key-data: c2VjcmV0')
}

describe('the hook after a job', () => {
  it('says that nothing was left, and leaves what is not ours', () => {
    writeFileSync(join(temporary, 'other'), '')
    mkdirSync(join(temporary, 'k3s-gpu-actions', 'reports'), { recursive: true })
    for (const shell of [
      ['bash', '-e'],
      ['sh', '-e'],
      ['bash', '--posix', '-e'],
    ]) {
      const { status, stdout, stderr } = complete({}, shell)
      expect({ status, stdout, stderr }).toEqual({
        status: 0,
        stdout: 'k3s-gpu-actions: this job left nothing of ours\n',
        stderr: '',
      })
    }
    expect(readdirSync(temporary).sort()).toEqual(['k3s-gpu-actions', 'other'])
  })

  it('removes the kubeconfig and the Pulumi home of a killed job, says so, and shows nothing of what they held', () => {
    place('k3s-gpu-actions-private')
    place('k3s-gpu-actions-pulumi-home-0123')
    chmodSync(join(temporary, 'k3s-gpu-actions-private', 'oceanid-1'), 0o000)
    const { status, stdout } = complete()
    expect(status).toBe(0)
    expect(readdirSync(temporary)).toEqual([])
    expect(stdout).toContain("removed k3s-gpu-actions-private from the runner's temporary folder")
    expect(stdout).toMatch(
      /^::warning title=A job of k3s-gpu-actions left something::.*folders removed 2, not removed 0/m,
    )
    expect(stdout).not.toContain('c2VjcmV0')
  })

  it('ends the tunnel of this job, and not that of a job of another runner of the same user', async () => {
    const mark = { K3S_GPU_ACTIONS_TUNNEL: JSON.stringify({ nonce: 'x' }) }
    const own = await start(sleep, ['60'], { ...mark, RUNNER_TRACKING_ID: tracking })
    const foreign = await start(sleep, ['60'], { ...mark, RUNNER_TRACKING_ID: `${tracking}2` })
    const unmarked = await start(sleep, ['60'], { RUNNER_TRACKING_ID: tracking })
    const forged = await start(sleep, ['60'], { X: `a\nK3S_GPU_ACTIONS_TUNNEL=\nRUNNER_TRACKING_ID=${tracking}` })
    const { stdout } = complete()
    await ended(own)
    expect([foreign, unmarked, forged].map(isGone)).toEqual([false, false, false])
    expect(stdout).toContain('ended 1 processes of tunnels')
    expect(complete({ RUNNER_TRACKING_ID: '' }).stdout).toContain('left nothing')
    expect(isGone(foreign)).toBe(false)
  })

  it('waits for a Pulumi CLI of this job, then asks it once to cancel, and never kills it', async () => {
    const program = join(ground, 'pulumi')
    copyFileSync(sleep, program)
    chmodSync(program, 0o755)
    const home = join(temporary, 'k3s-gpu-actions-pulumi-home-1')
    const own = await start(program, ['60'], { PULUMI_HOME: home, RUNNER_TRACKING_ID: tracking })
    const elsewhere = await start(program, ['60'], {
      PULUMI_HOME: join(ground, '.pulumi'),
      RUNNER_TRACKING_ID: tracking,
    })
    const { stdout } = complete()
    await ended(own)
    expect(own.signalCode).toBe('SIGINT')
    expect(isGone(elsewhere)).toBe(false)
    expect(stdout).toContain('waited for 1 of Pulumi')
    expect(stdout).toContain('of Pulumi 1 (still running 0)')
  })

  it('a name in the temporary folder issues no workflow command, a link is not followed', () => {
    const outside = join(ground, 'outside')
    mkdirSync(outside)
    writeFileSync(join(outside, 'precious'), '')
    place('k3s-gpu-actions-\n::error::x ##[add-mask]y')
    symlinkSync(outside, join(temporary, 'k3s-gpu-actions-link'))
    place('k3s-gpu-actions-private')
    symlinkSync(outside, join(temporary, 'k3s-gpu-actions-private', 'inside'))
    const { stdout } = complete()
    expect(existsSync(join(outside, 'precious'))).toBe(true)
    expect(readdirSync(temporary)).toEqual([])
    expect(stdout.match(/^\s*::[a-z-]+/gm)).toEqual(['::warning'])
    expect(stdout).not.toContain('##[')
  })

  it.each(['', 'relative', '/', '/home', '/does/not/exist'])('touches nothing when RUNNER_TEMP is %p', (path) => {
    const { status, stdout } = complete({ RUNNER_TEMP: path })
    expect(status).toBe(0)
    expect(stdout).toMatch(/^k3s-gpu-actions: .*\n$/)
  })

  it('takes no program from folders that a job put before PATH', () => {
    const bin = join(ground, 'bin')
    mkdirSync(bin)
    for (const name of ['rm', 'find', 'sed', 'id']) {
      writeFileSync(join(bin, name), `#!/bin/sh\ntouch "${ground}/was-run"\n`)
      chmodSync(join(bin, name), 0o755)
    }
    place('k3s-gpu-actions-private')
    complete({ PATH: `${bin}:/usr/bin:/bin` }, ['/bin/sh', '-e'])
    expect(existsSync(join(ground, 'was-run'))).toBe(false)
    expect(readdirSync(temporary)).toEqual([])
  })

  it('notes a token of Pulumi in the home, and leaves it to its owner', () => {
    mkdirSync(join(ground, 'home', '.pulumi'), { recursive: true })
    writeFileSync(join(ground, 'home', '.pulumi', 'credentials.json'), 'pul-0123')
    const { stdout } = complete()
    expect(stdout).toContain('credentials.json is there')
    expect(readFileSync(join(ground, 'home', '.pulumi', 'credentials.json'), 'utf8')).toBe('pul-0123')
  })
})
