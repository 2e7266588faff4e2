import {
  awaitReady,
  type Credential,
  effectiveChanges,
  type ReadyGoal,
  type ReadyOutcome,
} from '../../src/join/index.ts'
import { failureOfStart, lastSeen } from '../explain-start.ts'
import { said, startJudge } from '../start-judge.ts'
import { gate } from './changes.ts'
import type { Join, Planned } from './context.ts'

/** The watch on the host outlives the wait, so that the wait ends it and not the other way round. */
const followMarginMs = 60_000

/** Starts the agent and waits, by watching, until it is really there; a hopeless state ends the wait at once. */
export async function startAndWait<I, P>(
  join: Join<I, P>,
  planned: Planned<I>,
  credential: Credential | undefined,
): Promise<void> {
  const action = (['start', 'restart'] as const).find((id) =>
    effectiveChanges(planned.plan).some((change) => change.id === id),
  )
  if (!action) return
  const { run, distribution, inputs } = join
  const title = `${action === 'start' ? 'Start' : 'Restart'} ${distribution.unit} and wait for Ready`
  const { reading, version } = planned.situation
  const program = distribution.startProgram(planned.situation, planned.installation)
  const goal: ReadyGoal = {
    node: inputs.desired.node,
    version,
    leaseBeforeMs: reading.leaseRenewedAtMs,
    uidBefore: reading.node?.uid,
    isFirstStart: action === 'start',
    ...(program === undefined ? {} : { program }),
    timeoutMs: inputs.timeoutMs,
  }
  run.startedAtMs = run.record.elapsedMs()
  await run.liveStage(title, async (milestone) => {
    const outcome = await gate(join, planned, action, () => follow(join, planned, credential, action, goal, milestone))
    milestone(outcome.type === 'ready' ? 'Ready' : lastSeen(outcome.state, goal))
    if (outcome.type !== 'ready') throw failureOfStart(distribution.unit, action, goal, outcome)
  })
}

async function follow<I, P>(
  join: Join<I, P>,
  planned: Planned<I>,
  credential: Credential | undefined,
  action: 'start' | 'restart',
  goal: ReadyGoal,
  milestone: (text: string) => void,
): Promise<ReadyOutcome> {
  const { run, distribution, cluster, inputs, identity, signal } = join
  const { host, situation, installation } = planned
  const request = {
    action,
    situation,
    installation,
    caPem: cluster.caPem,
    run: identity,
    ...(credential ? { credential } : {}),
    timeoutMs: inputs.timeoutMs + followMarginMs,
  }
  const isPlanned = (id: string): boolean => effectiveChanges(planned.plan).some((change) => change.id === id)
  let restartsBefore: number | undefined
  let isUp = false
  return await awaitReady(
    goal,
    {
      cluster,
      follow: (onEvent, followSignal) => distribution.start(host, request, onEvent, followSignal),
      now: () => performance.now(),
      judge: startJudge(inputs.desired.node, distribution.unit, action, distribution.notReadyLimitMs),
      onEvent: (event) => {
        // Ordered is done, whatever comes of it: a cancelled run tells of its restart too.
        run.record.applied(action)
        if (event.type === 'unit') {
          // A program that starts the unit has systemd read its units again before it does.
          if (event.isNew && goal.program !== undefined && isPlanned('reload')) run.record.applied('reload')
          if (event.isNew) restartsBefore ??= event.restarts
          // The unit's word, not the journal's: it is heard in any case before the node counts as Ready.
          if (event.isNew && event.activeState === 'active' && !isUp) {
            isUp = true
            milestone('agent up')
          }
          if (restartsBefore !== undefined && event.restarts > restartsBefore)
            milestone(`${distribution.unit} was restarted by systemd`)
          return
        }
        if (event.type === 'ended') {
          milestone(event.status === 0 ? `${event.program} has done its part` : `${event.program} gave up`)
          return
        }
        run.evidence.push(said({ ...event, atMs: 0 }))
        const step = distribution.milestone(event.text, event.source)
        if (step !== undefined) milestone(step)
      },
      onNode: (node) => {
        // The watch begins with the Node as it is; one that was there before has not been registered by this start.
        if (node.uid !== goal.uidBefore) milestone('node registered')
      },
    },
    signal,
  )
}
