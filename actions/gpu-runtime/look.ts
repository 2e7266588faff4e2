import {
  checkGpu,
  entryOfGpuCheck,
  type GpuFacts,
  type GpuReading,
  type GpuSituation,
  gpuCheckRegistry,
  parseGpuFacts,
  planGpu,
  readGpu,
  surveyGpuScript,
} from '../../src/gpu/index.ts'
import { type Host, type HostFacts, parseFacts, surveyScript } from '../../src/host/index.ts'
import { k3sSurveyScript } from '../../src/k3s/index.ts'
import {
  type Check,
  count,
  ignoreChecks,
  planHeading,
  renderChecks,
  renderPlan,
  reportVerdict,
} from '../../src/report/index.ts'
import type { Gpu, Planned } from './context.ts'

/** A cold nvidia-smi alone takes tens of seconds on some hosts. */
const surveyTimeoutMs = 90_000

export async function readCluster({ run, cluster, inputs, signal }: Gpu): Promise<GpuReading> {
  return await run.stage('Read the cluster', async (say) => {
    const { devicePlugin } = inputs.wish
    const reading = await readGpu(cluster, inputs.desired.node, signal, devicePlugin)
    const { node, gpuNodes } = reading
    const others = gpuNodes.filter((one) => one.name !== node?.name).length
    const isAsked = devicePlugin === 'apply' || devicePlugin === 'absent'
    say(
      node === undefined
        ? `  there is no node ${inputs.desired.node}`
        : `  ${node.name} is ${node.ready === 'True' ? 'Ready' : `not Ready (${node.readyReason || node.ready})`}, ${node.kubeletVersion}${isAsked ? `; ${count(others, 'other node')} with GPUs` : ''}`,
    )
    return reading
  })
}

export interface Survey {
  readonly host: HostFacts
  readonly gpu: GpuFacts
}

/** ONE script in one round trip. A second look says only what changes may have changed. */
export async function survey(gpu: Gpu, host: Host, isAgain = false): Promise<Survey> {
  const { run, inputs, signal } = gpu
  return await run.stage(`Survey ${inputs.desired.node}${isAgain ? ' again' : ''}`, async (say) => {
    const { lines } = await host.run({
      name: 'survey',
      script: [surveyScript, k3sSurveyScript, surveyGpuScript].join('\n'),
      privilege: 'root-if-possible',
      timeoutMs: surveyTimeoutMs,
      signal,
    })
    const facts = parseFacts(lines, Date.now())
    const found = parseGpuFacts(facts)
    if (host.hostKeyFingerprint && !isAgain)
      say(`  ${host.label}, host key ${host.hostKeyFingerprint} ✓ (${inputs.desired.access.hostKeySource})`)
    for (const line of describe(facts, found).slice(isAgain ? 1 : 0)) say(`  ${line}`)
    note(gpu, host, facts, found)
    return { host: facts, gpu: found }
  })
}

const installedVersion = ({ toolkit }: GpuFacts): string =>
  toolkit.packages.find(({ version }) => version !== '')?.version ?? ''

/** `2 × NVIDIA GeForce RTX 4090` */
export function productsOf({ devices }: GpuFacts): string {
  const names = [...new Set(devices.map(({ name }) => name))]
  return names.map((name) => `${devices.filter((one) => one.name === name).length} × ${name}`).join(', ')
}

function toolkitWords(gpu: GpuFacts): string {
  const version = installedVersion(gpu)
  if (version !== '') return `container toolkit ${version}`
  const { ctkVersion } = gpu.toolkit
  return ctkVersion === '' ? 'no container toolkit' : `container toolkit ${ctkVersion} of no package`
}

function unitWords(gpu: GpuFacts): string {
  if (gpu.service) return `containerd ${gpu.service.version} ${gpu.service.activeState}`.replace('  ', ' ')
  return gpu.k3s.unit === '' ? 'no k3s' : `${gpu.k3s.unit} ${gpu.k3s.activeState}`
}

function describe(facts: HostFacts, gpu: GpuFacts): readonly string[] {
  const driver = gpu.driver.loaded || gpu.devices[0]?.driverVersion
  return [
    [facts.os.prettyName || facts.os.id || 'unknown system', facts.architecture, `kernel ${facts.kernel}`].join(', '),
    gpu.pci.length === 0 && gpu.devices.length === 0
      ? 'no NVIDIA GPU'
      : [
          productsOf(gpu) || `${count(gpu.pci.length, 'NVIDIA device')} on the bus`,
          driver ? `driver ${driver}` : 'no driver loaded',
          gpu.cudaVersion === '' ? '' : `CUDA ${gpu.cudaVersion}`,
          toolkitWords(gpu),
          unitWords(gpu),
        ]
          .filter(Boolean)
          .join(', '),
  ]
}

/** What outputs and report say of the machine, as last seen. */
function note({ run }: Gpu, host: Host, facts: HostFacts, gpu: GpuFacts): void {
  Object.assign(run.outputs, {
    'gpu-count': String(gpu.devices.length),
    'gpu-products': JSON.stringify(gpu.devices.map(({ name }) => name)),
    'driver-version': gpu.driver.loaded || (gpu.devices[0]?.driverVersion ?? ''),
    'toolkit-version': installedVersion(gpu),
  })
  Object.assign(run.facts, {
    host: [facts.os.prettyName, facts.architecture].filter(Boolean).join(', '),
    kernel: facts.kernel,
    'host key': host.hostKeyFingerprint ?? 'local transport',
    GPUs: gpu.devices.map((one) => `${one.index}: ${one.name}, ${one.uuid}, ${one.pciBusId}`).join('; ') || 'none',
    driver: gpu.driver.loaded,
    CUDA: gpu.cudaVersion,
    'container toolkit': installedVersion(gpu),
    ...(gpu.service
      ? { containerd: gpu.service.version }
      : { k3s: [gpu.k3s.unit, gpu.k3s.version].filter(Boolean).join(' ') }),
    runtimes: gpu.runtimes.map(({ name, path }) => `${name} at ${path}`).join('; ') || 'none',
  })
}

const bare = ({ id, verdict, question, found }: Check): Check => ({ id, verdict, question, found })

/** Facts and wishes → checks and plan. Pure but for what it prints and records. */
export async function makePlan(gpu: Gpu, reading: GpuReading, host: Host, seen: Survey): Promise<Planned> {
  const { run, inputs } = gpu
  const situation: GpuSituation = { wish: inputs.wish, host: seen.host, gpu: seen.gpu, reading }
  // A node that is not Ready may be worked on; one that is not there has nobody to wait for after a restart.
  const isMissingNode = (id: string): boolean => id === 'gpu.node' && reading.node === undefined
  const { checks, unknown } = ignoreChecks(
    checkGpu(situation),
    inputs.ignoreChecks.filter((id) => entryOfGpuCheck(id)?.isIgnorable !== false && !isMissingNode(id)),
    gpuCheckRegistry.map(({ id }) => id),
  )
  run.record.check(...checks)
  for (const line of renderChecks(checks)) run.runner.line(line)
  for (const { id, nearest } of unknown)
    run.runner.line(`  ! ignore-checks: there is no check ${id}${nearest ? `; did you mean ${nearest}?` : ''}`)
  for (const id of inputs.ignoreChecks.filter((one) => entryOfGpuCheck(one)?.isIgnorable === false))
    run.runner.line(`  ! ignore-checks: ${id} cannot be ignored`)

  const reported = new Set(reportVerdict(checks, inputs.failOn).failing)
  // `fail-on: never` only reports; but what may not be ignored is not passed over either.
  const isBinding = (one: Check): boolean =>
    one.verdict === 'fail' && (entryOfGpuCheck(one.id)?.isIgnorable === false || isMissingNode(one.id))
  const failing = checks.filter((one) => reported.has(one) || isBinding(one))
  let heading = ''
  const planned = await run.stage(
    'Plan',
    async (say) => {
      const { plan, restart } = planGpu(situation, failing)
      heading = planHeading(plan)
      // What stands above with its cause and remedy is named once more, and no more.
      const blockers = plan.blockers.map((one) => (failing.includes(one) ? bare(one) : one))
      for (const line of renderPlan({ ...plan, blockers })) say(line)
      return { host, situation, plan, restart }
    },
    () => heading,
  )
  run.plan = planned.plan
  run.outputs['restart-reason'] = planned.restart.join(',')
  return planned
}
