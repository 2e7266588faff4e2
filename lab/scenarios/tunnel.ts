/** The API server through an SSH tunnel: kubeconfig-esc opens it, later steps of the job use it, post ends it. */
import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { Press } from '../../rehearsal/press.ts'
import { addresses, type LabHost } from '../contract.ts'
import type { LabScenario } from '../inside/model.ts'
import { privateFolder } from '../secret-scan.ts'
import type { Situation } from '../situation.ts'
import { expectPress, inSituation, leaseAge, readyStatus, until } from './expect.ts'

const localPort = 16443

/** One job of the workflow: its steps share a folder for temporary files, and one exports what later ones read. */
class Job {
  readonly #situation: Situation
  readonly temporary: string
  #exported: Readonly<Record<string, string>> = {}
  #state: Readonly<Record<string, string>> = {}

  constructor(situation: Situation, name: string) {
    this.#situation = situation
    this.temporary = join(situation.folder, name)
    mkdirSync(this.temporary)
  }

  get #step() {
    return { job: { temporary: this.temporary, exported: this.#exported } }
  }

  /** Inputs as a workflow gives them, defaults of action.yml among them. */
  async load(through: LabHost, inputs: Readonly<Record<string, string>> = {}): Promise<Press> {
    const kubeconfig = join(this.#situation.folder, 'given')
    writeFileSync(kubeconfig, this.#situation.cluster.kubeconfig, { mode: 0o600 })
    const press = await this.#situation.press(
      {
        kubeconfig,
        connect: 'tunnel',
        'tunnel-host': through.address,
        'tunnel-user': 'oceanid',
        'tunnel-key': through.clientPrivateKey,
        'known-hosts': through.knownHosts,
        'min-validity': '0s',
        purpose: 'join',
        'export-env': 'true',
        'dry-run': 'false',
        ...inputs,
      },
      { action: 'kubeconfig-esc', ...this.#step },
    )
    this.#state = press.state
    this.#exported = press.outputs.kubeconfig ? { KUBECONFIG: press.outputs.kubeconfig } : {}
    return press
  }

  async join(): Promise<Press> {
    return await this.#situation.press({}, this.#step)
  }

  startJoin() {
    return this.#situation.start({}, this.#step)
  }

  async end(): Promise<void> {
    const ended = await this.#situation.press(
      {},
      { action: 'kubeconfig-esc', stage: 'post', state: this.#state, ...this.#step },
    )
    expectPress(ended, { exitCode: 0 })
    await this.expectNothing()
  }

  /** Nothing of a tunnel is left: no process, no port, no file. */
  async expectNothing(): Promise<void> {
    await until('the processes of the tunnel to end', 5000, async () => tunnelProcesses().length === 0)
    assert.equal(await accepts(localPort), false, `something still listens on port ${localPort}`)
    const below = join(this.temporary, privateFolder)
    const left = readdirSync(this.temporary).includes(privateFolder) ? readdirSync(below, { recursive: true }) : []
    assert.deepEqual(left, [])
  }
}

/** Supervisors, and whatever ssh they hold. */
function tunnelProcesses(): readonly string[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return []
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
      return /\/kubeconfig-esc\/tunnel\.js |127\.0\.0\.1:16443:/.test(words) ? [`${pid} ${words}`] : []
    } catch {
      return []
    }
  })
}

async function accepts(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

/** sshd and every session that it serves, as when the machine goes down. */
async function killSshd(host: LabHost): Promise<void> {
  await host.run(['systemctl', 'stop', 'ssh.socket', 'ssh.service'])
  await host.run(['pkill', '-KILL', '-x', 'sshd'])
}

async function startSshd(host: LabHost): Promise<void> {
  const started = await host.run(['systemctl', 'start', 'ssh.service'])
  assert.equal(started.code, 0, started.stderr)
}

function styxOf(situation: Situation): LabHost {
  assert.ok(situation.styx)
  return situation.styx
}

const loaded = {
  exitCode: 0,
  outputs: { result: 'loaded', server: `https://127.0.0.1:${localPort}`, reachable: 'true' },
}
const joined = { exitCode: 0, outputs: { result: 'joined' } }
const ended = { exitCode: 1, outputs: { 'failure-code': 'tunnel-ended' } }

export const tunnelScenarios: readonly LabScenario[] = [
  inSituation(
    'tunnel',
    'kubeconfig-esc opens a tunnel through the sshd of styx, and calypso joins through it',
    { hasGpu: false, hasStyx: true },
    async (situation) => {
      const styx = styxOf(situation)
      const job = new Job(situation, 'job')
      expectPress(await job.load(styx), loaded)
      expectPress(await job.join(), joined)
      assert.equal(readyStatus(await situation.node()), 'True')
      assert.equal(await styx.connections(), 1)
      await job.end()
      return 'joined through it over one SSH connection; after post no process, port or file is left'
    },
  ),

  inSituation(
    'tunnel-refused',
    'the sshd of calypso has another host key, does not know the user, forwards nothing: each is said, and nothing stays',
    { hasGpu: false, hasStyx: true, faults: new Set(['forwarding-refused']) },
    async (situation) => {
      const { calypso } = situation
      const styx = styxOf(situation)
      const job = new Job(situation, 'job')
      const refused = async (
        code: string,
        through: LabHost,
        inputs: Readonly<Record<string, string>>,
      ): Promise<void> => {
        const press = await job.load(through, inputs)
        expectPress(press, { exitCode: 1, outputs: { result: 'failed', 'failure-code': code } })
        assert.equal(press.outputs.kubeconfig ?? '', '')
        await job.expectNothing()
      }
      // styx's key under calypso's address.
      const stranger = styx.knownHosts.replaceAll(addresses.styx, addresses.calypso)
      await refused('tunnel-host-key', calypso, { 'known-hosts': stranger })
      await refused('tunnel-authentication', calypso, { 'tunnel-user': 'nobody' })
      await refused('tunnel-forward-refused', calypso, {})
      await refused('tunnel-unreachable', calypso, { 'tunnel-port': '23', 'known-hosts': calypso.knownHosts })
      return 'four refusals with four codes; nothing was left after any of them'
    },
  ),

  inSituation(
    'tunnel-broken',
    'the sshd of styx goes down between two steps, and in the middle of a join',
    { hasGpu: false, hasStyx: true },
    async (situation) => {
      const { calypso } = situation
      const styx = styxOf(situation)
      const between = new Job(situation, 'between')
      expectPress(await between.load(styx), loaded)
      const before = calypso.trees()
      await killSshd(styx)
      const press = await between.join()
      expectPress(press, ended)
      assert.match(press.report?.failure?.cause ?? '', /closed the connection/)
      assert.deepEqual(calypso.trees(), before)
      await between.end()

      await startSshd(styx)
      const middle = new Job(situation, 'middle')
      expectPress(await middle.load(styx), loaded)
      const running = middle.startJoin()
      await running.seen(/Apply/)
      await killSshd(styx)
      const begun = performance.now()
      const broken = await running.ended
      const seconds = ((performance.now() - begun) / 1000).toFixed(1)
      expectPress(broken, ended)
      await middle.end()

      await startSshd(styx)
      // What the broken run took back of the host it could not take back in the cluster: its Node goes on for as long as it counts as alive.
      await until(
        'the Lease of calypso to be old',
        90_000,
        async () => ((await leaseAge(situation, 'calypso')) ?? 99) > 41,
      )
      const again = new Job(situation, 'again')
      expectPress(await again.load(styx), loaded)
      expectPress(await again.join(), joined)
      await again.end()
      assert.deepEqual(await situation.tokens(), [])
      return `said by the next step, and by the running one ${seconds} s later; the run after it converged`
    },
  ),
]
