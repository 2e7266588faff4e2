import type { KindReference } from '../../../kubernetes/index.ts'
import type { Check } from '../../../report/index.ts'
import { daemonSetObjects } from '../../daemon-sets.ts'
import { unanswered } from '../../gather.ts'
import type { ClusterLists, Suite, VerifyWish } from '../../model.ts'
import { questionOf } from '../../words.ts'
import { workloadEntries } from './entries.ts'
import { controllerReaders, judgeControllers } from './judge-controllers.ts'
import { jobSeen, judgeJobs } from './judge-jobs.ts'
import { judgePods } from './judge-pods.ts'

export { type ControllerSeen, controllerReaders, judgeControllers } from './judge-controllers.ts'
export { type JobSeen, jobSeen, judgeJobs } from './judge-jobs.ts'
export { judgePods, stateOf, workloadOf } from './judge-pods.ts'

const jobKind: KindReference = { group: 'batch', version: 'v1', resource: 'jobs' }
const ownKinds = ['deployments', 'statefulsets'] as const
const kinds = [...ownKinds, 'daemonsets'] as const

type Id = (typeof workloadEntries)[number]['id']

/** A check, or its skip where the user may not list what it is about. */
async function askIfAllowed(id: Id, ask: () => Promise<Check>): Promise<Check> {
  try {
    return await ask()
  } catch (error) {
    return unanswered(id, questionOf(workloadEntries, id), error)
  }
}

async function controllersOf(lists: ClusterLists) {
  const [daemonSets, ...others] = await Promise.all([
    daemonSetObjects(lists),
    ...ownKinds.map((resource) => lists.of({ group: 'apps', version: 'v1', resource }, controllerReaders[resource])),
  ])
  return [...others.flatMap((some) => some ?? []), ...daemonSets.map(controllerReaders.daemonsets)]
}

/** Pods, and what makes them, by their real state: the word Running says little. */
export const workloadsSuite: Suite = {
  name: 'workloads',
  entries: workloadEntries,
  access: (wish: VerifyWish) => [
    { verb: 'list', group: '', resource: 'pods' },
    ...(wish.nodes.length > 0
      ? []
      : [
          ...kinds.map((resource) => ({ verb: 'list', group: 'apps', resource })),
          { verb: 'list', group: 'batch', resource: 'jobs' },
        ]),
  ],
  verify: async ({ lists, history }, wish) => {
    const isAboutAll = wish.nodes.length === 0
    const all = await lists.pods()
    const pods = isAboutAll ? all : all.filter(({ node }) => wish.nodes.includes(node))
    // Restarts of some nodes are no measure of those of all.
    const before = isAboutAll ? history.at(-1) : undefined
    const { checks, metrics } = judgePods(pods, lists.serverTimeMs(), before, wish.severities)
    if (!isAboutAll) return { checks }
    const others = await Promise.all([
      askIfAllowed('workloads.controllers', async () =>
        judgeControllers(await controllersOf(lists), lists.serverTimeMs(), wish.severities),
      ),
      askIfAllowed('workloads.jobs', async () =>
        judgeJobs((await lists.of(jobKind, jobSeen)) ?? [], lists.serverTimeMs(), wish.severities),
      ),
    ])
    return { checks: [...checks, ...others], metrics, facts: { pods: String(all.length) } }
  },
}
