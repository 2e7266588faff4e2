import { type Host, parseFacts, surveyScript } from '../../src/host/index.ts'
import {
  type CheckEntry,
  compareWithDesired,
  entryOf,
  hostChecks,
  type JoinSituation,
  joinCheckRegistry,
  planJoin,
} from '../../src/join/index.ts'
import {
  parsePrerequisites,
  prerequisiteCheckRegistry,
  prerequisiteChecks,
  prerequisiteSurvey,
} from '../../src/prerequisites/index.ts'
import {
  type Check,
  ignoreChecks,
  planHeading,
  renderChecks,
  renderPlan,
  reportVerdict,
} from '../../src/report/index.ts'
import { RunFailure } from '../failure.ts'
import { isLoopback } from '../loopback.ts'
import type { Join, Look, Planned, Survey } from './context.ts'
import { withPrerequisites } from './prerequisites.ts'

/** A cold nvidia-smi alone takes tens of seconds on some hosts. */
const surveyTimeoutMs = 90_000

/** A token is minted before handshake, download and upload, and is needed until the agent has registered. */
const tokenMarginMs = 7 * 60_000

/**
 * What follows from the plan is allowed by an input of its own, or not at all, and so are checks whose entry says so: neither ignored nor
 * reported only.
 */
const isFixed = (registry: readonly CheckEntry[], id: string): boolean =>
  id.startsWith('plan.') || entryOf(registry, id)?.isIgnorable === false

/** The address that the host joins through: given, or the kubeconfig's unless only this runner can reach it. */
function joinServer(join: Join): string {
  const { desired } = join.inputs
  if (desired.server) return desired.server
  if (!isLoopback(new URL(join.cluster.server).hostname)) return join.cluster.server.replace(/\/+$/, '')
  throw new RunFailure({
    code: 'server-unknown',
    title: `${desired.node} cannot join: which API server address it should use is not known`,
    cause: `the kubeconfig's server is ${join.cluster.server}, which only this runner can reach`,
    remedy:
      'give `server`, or `api.server` in the cluster file: the address that the host reaches, e.g. https://203.0.113.7:6443',
    evidence: [],
  })
}

/** Three parallel GETs and a comparison: the whole run, when nothing is to be done. */
export async function readCluster(join: Join): Promise<Look> {
  const { run, cluster, distribution, inputs, signal } = join
  const { desired } = inputs
  const server = joinServer(join)
  return await run.stage('Read the cluster', async (say) => {
    const reading = await cluster.read(desired.node, signal)
    const readAtRunnerMs = Date.now()
    const version = distribution.resolveVersion(desired.version, reading.version, reading.node?.kubeletVersion)
    const comparison = compareWithDesired(desired, server, version, reading)
    run.outputs.version = version
    run.facts.server = `${server}, ${reading.version}`
    const nodes = comparison.isAsDesired ? [] : await cluster.nodes(signal)
    if (!comparison.isAsDesired) {
      const count =
        desired.nodesWanted === undefined
          ? `${nodes.length} nodes present`
          : `${desired.nodesWanted} nodes wanted, ${nodes.length} present`
      say(`  ${count}; ${comparison.differences.join('; ')}`)
    }
    return { server, version, reading, comparison, nodes, readAtRunnerMs }
  })
}

/** ONE script in one round trip. */
export async function surveyHost<I>(join: Join<I>, host: Host): Promise<Survey<I>> {
  const { run, distribution, inputs, signal } = join
  return await run.stage(`Survey ${inputs.desired.node}`, async (say) => {
    // The host's clock is compared with the runner's at the moment its line arrives, not when the survey is over.
    let clockSeenMs: number | undefined
    const prerequisites = prerequisiteSurvey(inputs.desired)
    const { lines } = await host.run({
      name: 'survey',
      script: [surveyScript, distribution.surveyScript, prerequisites?.script].filter(Boolean).join('\n'),
      ...(prerequisites ? { env: prerequisites.env } : {}),
      privilege: 'root-if-possible',
      timeoutMs: surveyTimeoutMs,
      signal,
      onLine: (line) => {
        if (line.fact === 'clock') clockSeenMs ??= Date.now()
      },
    })
    const facts = parseFacts(lines, clockSeenMs ?? Date.now())
    const installation = distribution.survey(facts.distribution)
    const gpus = facts.gpu.devices.map((device) => device.name)
    const line = [
      facts.os.prettyName || facts.os.id || 'unknown system',
      facts.architecture,
      facts.init,
      facts.memoryBytes > 0 ? `${Math.round(facts.memoryBytes / 1024 ** 3)} GiB` : '',
      gpus.length > 0
        ? `${gpus.length} × ${[...new Set(gpus)].join(', ')}, driver ${facts.gpu.devices[0]?.driverVersion}`
        : '',
    ].filter(Boolean)
    if (host.hostKeyFingerprint)
      say(`  ${host.label}, host key ${host.hostKeyFingerprint} ✓ (${inputs.desired.access.hostKeySource})`)
    say(`  ${line.join(', ')}`)
    Object.assign(run.facts, {
      host: line.join(', '),
      kernel: facts.kernel,
      'host key': host.hostKeyFingerprint ?? 'local transport',
      ...distribution.describe(installation),
    })
    return { facts, installation }
  })
}

/** Facts and wishes → checks and plan. Asks the API for the other nodes, GitHub for the size of what would be fetched; changes nothing. */
export async function makePlan<I>(join: Join<I>, look: Look, host: Host, survey: Survey<I>): Promise<Planned<I>> {
  const { run, distribution, inputs, signal } = join
  const { facts } = survey
  const installed =
    inputs.desired.version === 'match-server' ? distribution.installedVersion(survey.installation) : undefined
  const version = installed ?? look.version
  run.outputs.version = version
  const situation: JoinSituation = {
    desired: inputs.desired,
    server: look.server,
    version,
    reading: look.reading,
    // `verify: deep` surveys a node that the API calls as desired; then nobody has asked for the others yet.
    nodes: look.nodes.length > 0 ? look.nodes : await join.cluster.nodes(signal),
    facts,
    consent: {
      adopt: inputs.adopt,
      allowServerToken: inputs.allowServerToken,
      allowGpuDisruption: inputs.allowGpuDisruption,
      replaceNode: inputs.replaceNode,
    },
    isDeep: inputs.verify === 'deep',
    hasGivenToken: join.given !== undefined,
    tokenLifetimeMs: inputs.timeoutMs + tokenMarginMs,
    ignoredChecks: inputs.ignoreChecks,
    readAtRunnerMs: look.readAtRunnerMs,
  }
  const installation = await distribution.inspect(host, join.cluster, situation, survey.installation, signal)
  // Naming a check that is not asked today, or by another stage, is no typing error.
  const registry = [...joinCheckRegistry, ...distribution.checkRegistry, ...prerequisiteCheckRegistry]
  const named = inputs.ignoreChecks.filter((id) => entryOf(registry, id) !== undefined)
  const { checks, unknown } = ignoreChecks(
    [
      ...hostChecks(situation),
      ...distribution.checks(situation, installation),
      ...prerequisiteChecks(inputs.desired.prerequisites, parsePrerequisites(facts.distribution)),
    ],
    inputs.ignoreChecks.filter((id) => !isFixed(registry, id)),
    [...registry.map((entry) => entry.id), ...named],
  )
  run.record.check(...checks)
  for (const line of renderChecks(checks)) run.runner.line(line)
  for (const { id, nearest } of unknown)
    run.runner.line(`  ! ignore-checks: there is no check ${id}${nearest ? `; did you mean ${nearest}?` : ''}`)

  for (const id of named.filter((one) => entryOf(registry, one)?.isIgnorable === false))
    run.runner.line(`  ! ignore-checks: ${id} cannot be ignored`)

  let heading = ''
  const reported = new Set(reportVerdict(checks, inputs.failOn).failing)
  // `fail-on: never` only reports; but it gives nobody's name away, and what follows from the plan has an input of its own.
  const isBinding = (one: Check): boolean => isFixed(registry, one.id) || one.id === 'cluster.name'
  const failing = checks.filter((one) => reported.has(one) || (isBinding(one) && one.verdict === 'fail'))
  const plan = await run.stage(
    'Plan',
    async (say) => {
      // What will not be carried out needs no size, and a version that does not go with the server may not even exist.
      const isAsked = failing.length === 0 && distribution.needsRelease(situation, installation)
      const release = isAsked ? await distribution.sketchRelease(version, facts.architecture, signal) : undefined
      const made = planJoin(
        situation,
        withPrerequisites(situation, distribution.plan(situation, installation, release)),
        failing,
      )
      heading = planHeading(made)
      for (const line of renderPlan(made)) say(line)
      return made
    },
    () => heading,
  )
  run.plan = plan
  return { host, situation, installation, plan }
}
