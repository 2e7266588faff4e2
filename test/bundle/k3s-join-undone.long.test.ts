/** Whatever step of a join fails, the host is afterwards as it was before; what fails after the join tears nothing down. */
import { describe, expect, it } from '@jest/globals'
import { type Door, doors, tokenNames } from './door.ts'

const opened = doors()

/** A program that fails where the pattern of a `case` fits its arguments, the first time, and is itself otherwise. */
function failing(name: string, pattern: string): Readonly<Record<string, string>> {
  const real = name === 'timeout' ? '/usr/bin/timeout' : `/bin/${name}`
  return {
    [name]: `
case "$*" in
  ${pattern})
    if mkdir "$STATE/has-failed" 2>/dev/null; then
      echo "${name}: made to fail" >&2
      exit 5
    fi
    ;;
esac
exec ${real} "$@"
`,
  }
}

const unit = '/etc/systemd/system/k3s-agent.service'
/** Only what the steps put in place: an undo makes its files under other names. */
const moving = (target: string): string => `*.new" "*${target} | *.new\\ *${target}`

const fresh: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['install-binary', failing('mv', moving('/usr/local/bin/k3s'))],
  ['run-installer, in the installer', failing('env', '*INSTALL_K3S_EXEC=agent*')],
  ['run-installer, after the installer', failing('mv', moving('/var/lib/k3s-gpu-actions/installer'))],
  ['write-config', failing('mv', moving('/50-k3s-gpu-actions.yaml'))],
  ['edit-environment', failing('mv', moving(`${unit}.env`))],
  ['start', failing('timeout', '20\\ systemctl\\ start*')],
]
const adopted: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['write-config', failing('mv', moving('/50-k3s-gpu-actions.yaml'))],
  ['edit-environment', failing('mv', moving(`${unit}.env`))],
  ['edit-unit', failing('mv', moving(unit))],
  ['reload', failing('timeout', '60\\ systemctl\\ daemon-reload')],
  ['restart', failing('timeout', '20\\ systemctl\\ restart*')],
]

async function isUndone(door: Door, inputs: Readonly<Record<string, string>>): Promise<void> {
  const before = door.trees()
  const run = await door.press(inputs)
  expect(run).toMatchObject({ exitCode: 1, outputs: { result: 'failed' } })
  expect(run.report?.failure?.code).not.toBe('unexpected-error')
  expect(run.report?.failure?.state).toMatch(/^undone: |^nothing was changed on calypso/)
  expect(run.report?.failure?.state).not.toMatch(/left as it is/)
  expect(door.trees()).toEqual(before)
  expect(tokenNames(door.world)).toEqual([])
}

/** It failed once only. */
async function joinsNext(door: Door, inputs: Readonly<Record<string, string>>): Promise<void> {
  expect(await door.press(inputs)).toMatchObject({ exitCode: 0, outputs: { result: 'joined' } })
}

describe('a first join in which a step fails', () => {
  it.each(fresh)(
    '%s: the host is as before, and the next press joins',
    async (_step, programs) => {
      await isUndone(await opened({ strange: { programs } }), {})
    },
    120_000,
  )

  it('enable: the host is as before, and the next press joins', async () => {
    const link = failing('ln', '*multi-user.target.wants*')
    const command = failing('timeout', '30\\ systemctl\\ enable*')
    // Either way of enabling has to fail, each once.
    const programs = { ...link, timeout: (command.timeout ?? '').replaceAll('has-failed', 'has-failed-too') }
    const door = await opened({ strange: { programs } })
    await isUndone(door, {})
    await joinsNext(door, {})
  }, 120_000)

  it('the agent, by a label that the kubelet refuses: its data and its password at the server go, too', async () => {
    const door = await opened({ faults: new Set(['restricted-label-ignored']) })
    const before = door.trees()
    const run = await door.press({ 'ignore-checks': 'k3s.labels' })
    expect(run.exitCode).toBe(1)
    expect(run.report?.failure?.state).toMatch(/^undone: unit stopped/)
    expect(door.trees()).toEqual(before)
    expect(door.world.cluster.objects.get('secrets/kube-system/calypso.node-password.k3s')).toBeUndefined()
    expect(door.world.cluster.objects.get('nodes/calypso')).toBeUndefined()
  }, 120_000)
})

describe('an adoption in which a step fails', () => {
  it.each(adopted)(
    '%s: the host is as before, and the agent runs',
    async (step, programs) => {
      const door = await opened({ calypso: 'joined-by-hand', strange: { programs } })
      await isUndone(door, { adopt: 'apply', 'allow-gpu-disruption': 'true' })
      expect(door.world.calypso.unit('k3s-agent.service')?.activeState).toBe('active')
      if (step === 'restart') await joinsNext(door, { adopt: 'apply', 'allow-gpu-disruption': 'true' })
    },
    120_000,
  )
})

describe('what fails after the join', () => {
  const forbidden = JSON.stringify({ kind: 'Status', code: 403, reason: 'Forbidden', message: 'nodes is forbidden' })

  it.each([
    ['labels', { labels: 'node-role.kubernetes.io/gpu=true' }, /not done yet: label-node/],
    ['the record', {}, /not done yet: record-desired/],
  ] as const)(
    '%s: nothing is torn down, the state says what is missing, and the next press adds it',
    async (_what, inputs, missing) => {
      const { world, press } = await opened()
      let isForbidden = true
      const patches = /^PATCH \/api\/v1\/nodes\/calypso/
      const whileForbidden = Object.assign(new RegExp(patches), {
        test: (request: string) => isForbidden && patches.test(request),
      })
      world.cluster.answerWith(whileForbidden, 403, forbidden)
      const run = await press(inputs)
      expect(run).toMatchObject({ exitCode: 1, outputs: { result: 'failed' } })
      expect(run.report?.failure?.title).toMatch(/^calypso has joined, but is not as wanted yet/)
      expect(run.report?.failure?.state).toMatch(/has joined and its agent runs, so nothing was taken back/)
      expect(run.report?.failure?.state).toMatch(missing)
      expect(run.report?.undone).toEqual([])
      expect(world.calypso.unit('k3s-agent.service')?.activeState).toBe('active')
      expect(tokenNames(world)).toEqual([])
      isForbidden = false
      expect(await press(inputs)).toMatchObject({ exitCode: 0, outputs: { result: 'joined', restarted: 'false' } })
      expect((await press(inputs)).outputs.result).toBe('unchanged')
    },
    120_000,
  )
})
