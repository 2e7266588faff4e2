import { type GpuFacts, pluginName, pluginNamespace, runtimeUnit } from '../../src/gpu/index.ts'
import type { EvidenceFile } from '../../src/join/index.ts'
import { readEvidence } from '../../src/k3s/index.ts'
import { safeText } from '../evidence-files.ts'
import { StartFailure } from '../explain-start.ts'
import type { Gpu, Planned } from './context.ts'

/** Collecting may take this long, and never keeps a run from undoing what it did. */
const collectLimitMs = 30_000
const mostPluginPods = 3

/**
 * Collects what explains a failure, before anything of it is undone, and resolves with the error to go on with: the one that was
 * given, or a better explanation of the same. Nothing is collected twice, or once the run is cancelled. Never rejects.
 */
export async function collectEvidence(gpu: Gpu, planned: Planned, error: unknown): Promise<unknown> {
  const { run, signal } = gpu
  if (signal.aborted || run.isCollected) return error
  run.isCollected = true
  try {
    return await run.stage('Collect evidence', async (say) => {
      const { texts, problems } = await readTexts(gpu, planned)
      for (const problem of problems) say(`  ! ${problem}`)
      if (signal.aborted) return error
      say(`  ${run.keepBundle(texts.map(({ name, text }) => ({ name, text: safeText(text, run.redact) })))}`)
      if (!(error instanceof StartFailure)) return error
      const recent = texts.flatMap((one) =>
        one.recent === undefined ? [] : safeText(one.recent, run.redact).split('\n'),
      )
      return error.inTheLightOf(recent)
    })
  } catch (problem) {
    run.runner.debug(`evidence: ${problem instanceof Error ? problem.message : String(problem)}`)
    return error
  }
}

/** What the survey has found of driver, toolkit and containerd, as texts for people. Pure. */
export function factTexts({
  smi,
  driver,
  devices,
  containerd,
  runtimes,
  k3s,
  service,
  toolkit,
}: GpuFacts): EvidenceFile[] {
  const versions = [
    `nvidia-smi: ${smi.isInstalled ? `exit code ${smi.exitCode ?? 'none in time'}` : 'not installed'}`,
    ...(smi.said === '' ? [] : [smi.said]),
    ...devices.map((one) => `${one.index}: ${one.name}, ${one.uuid}, ${one.pciBusId}, driver ${one.driverVersion}`),
    `module loaded: ${driver.loaded || 'none'}; on disk: ${driver.onDisk || 'none'}; libraries: ${driver.userSpace || 'none'}`,
    ...toolkit.packages.map(({ name, version }) => `${name} ${version || 'not installed'}`),
    ...(service
      ? [`containerd ${service.version}, ${service.activeState}`]
      : [`k3s looks in: ${k3s.searchPath.join(':')}`]),
    ...runtimes.map(({ name, path }) => `${name}: ${path}`),
    ...(driver.kernelLog.length > 0 ? ['', '== kernel log', ...driver.kernelLog] : []),
  ]
  const own = service ? [service.config, ...service.dropIns, service.effective].flatMap((one) => one ?? []) : []
  const files = [...(containerd.rendered ? [containerd.rendered] : []), ...containerd.templates, ...own]
  return [
    { name: 'nvidia.txt', text: versions.join('\n') },
    { name: 'containerd-config.txt', text: files.map(({ path, text }) => `== ${path}\n${text}`).join('\n\n') },
  ]
}

/** Pods of device plugins on the node, with what they said last. */
async function pluginText({ cluster, inputs }: Gpu, signal: AbortSignal): Promise<EvidenceFile[]> {
  const pods = await cluster.podsOnNode(inputs.desired.node, signal)
  const plugins = pods.filter(
    ({ namespace, owner, images }) =>
      (namespace === pluginNamespace && owner === `DaemonSet/${pluginName}`) ||
      images.some((image) => image.includes('device-plugin')),
  )
  const texts = await Promise.all(
    plugins.slice(0, mostPluginPods).map(async (pod) => {
      const log = await cluster.podLog(pod.namespace, pod.name, 100, signal)
      return [`== ${pod.namespace}/${pod.name}: ${pod.phase}`, ...pod.problems, log].join('\n')
    }),
  )
  return texts.length === 0 ? [] : [{ name: 'device-plugin.log', text: texts.join('\n\n') }]
}

/** Host and cluster are asked at the same time; each may fail without the others. */
async function readTexts(
  gpu: Gpu,
  { host, situation }: Planned,
): Promise<{ readonly texts: readonly EvidenceFile[]; readonly problems: readonly string[] }> {
  const { run, cluster, inputs } = gpu
  const signal = AbortSignal.any([gpu.signal, AbortSignal.timeout(collectLimitMs)])
  const unit = runtimeUnit(situation.gpu) || 'k3s-agent'
  const startedAgoMs = run.startedAtMs === undefined ? undefined : run.record.elapsedMs() - run.startedAtMs
  const asked = await Promise.allSettled([
    readEvidence(host, { unit, startedAgoMs }, signal),
    cluster.describeNode(inputs.desired.node, signal).then((text) => [{ name: 'node.txt', text }]),
    pluginText(gpu, signal),
  ])
  const names = ['the host', 'the node', 'the device plugin']
  return {
    texts: [...asked.flatMap((one) => (one.status === 'fulfilled' ? one.value : [])), ...factTexts(situation.gpu)],
    problems: asked.flatMap((one, index) =>
      one.status === 'rejected'
        ? [`no evidence of ${names[index]}: ${one.reason instanceof Error ? one.reason.message : String(one.reason)}`]
        : [],
    ),
  }
}
