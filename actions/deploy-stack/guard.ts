import { type Environment, refusalsByQuestion } from '../../snippets/cluster-deploy-guard.ts'
import type { Check } from '../../src/report/index.ts'
import type { JobEvent } from './job-event.ts'
import type { ProgramFiles } from './project.ts'
import { forgetful } from './reserved.ts'

/** What the guard judges: the program's own guard asks the first three questions again, from the same function. */
export interface GuardQuestion {
  /** The job's environment, as the runner set it. */
  readonly environment: Environment
  readonly event: JobEvent
  /** An update is wished; false: nothing is changed. */
  readonly isChange: boolean
  /** `organization/project/stack`. */
  readonly stack: string
  readonly program: ProgramFiles
  /** Folder of the program, for people. */
  readonly folder: string
  /** Absolute path; empty: none was named. */
  readonly kubeconfig: string
  readonly clusterUid: string
  /** What the inputs or the cluster file expect; empty: nothing. */
  readonly expectCaSha256: string
  readonly expectClusterUid: string
}

/** Empty for a person at a terminal. */
function isJob(environment: Environment): boolean {
  return ['GITHUB_ACTIONS', 'GITHUB_RUN_ID', 'RUNNER_ENVIRONMENT'].some((name) => (environment[name] ?? '') !== '')
}

function checkOf(id: string, question: string, good: string, reasons: readonly string[], remedy: string): Check {
  if (reasons.length === 0) return { id, question, verdict: 'pass', found: good }
  return { id, question, verdict: 'fail', found: reasons.join('; '), remedy }
}

/** Upper and lower case, colons: the ways in which people write a hash. */
const normal = (text: string): string => text.replace(/[\s:]/g, '').toLowerCase()

/** Events that run what is merged: of a push and of the button the branch is asked as well; the clock knows the default branch alone. */
const merged = ['push', 'workflow_dispatch', 'schedule']

/**
 * Whose code this is, and who said that it shall run. A self-hosted runner beside the cluster runs what is merged into the default
 * branch and nothing else; a machine of GitHub's may also preview a branch of this repository.
 */
export function eventReasons({
  environment,
  event,
  isChange,
}: Pick<GuardQuestion, 'environment' | 'event' | 'isChange'>): readonly string[] {
  if (!isJob(environment)) return []
  const { GITHUB_REF: ref = '', GITHUB_REPOSITORY: repository = '' } = environment
  const isHosted = environment.RUNNER_ENVIRONMENT === 'github-hosted'
  const reasons: string[] = []
  if (event.name === 'pull_request') {
    if (!isHosted)
      reasons.push('the event is pull_request: a runner beside the cluster would run code that nobody has merged')
    if (isChange) reasons.push('the event is pull_request: what is not merged is only previewed')
    const head = event.pullRequest?.headRepository ?? ''
    if (head === '' || head !== repository)
      reasons.push('the pull request is from another repository, or from one that is gone')
    return reasons
  }
  if (!merged.includes(event.name)) return [`the event is ${event.name || 'not known'}, which deploys nothing here`]
  if (event.name === 'schedule') return isChange ? ['the event is schedule: what the clock starts changes nothing'] : []
  if (isHosted && !isChange) return []
  if (event.defaultBranch === '') return ['the default branch is not known: the event of the job does not name it']
  if (ref !== `refs/heads/${event.defaultBranch}`)
    return [`the job runs for ${ref || 'no branch'}, not for the default branch ${event.defaultBranch}`]
  return []
}

export function eventCheck(question: Pick<GuardQuestion, 'environment' | 'event' | 'isChange'>): Check {
  const { environment, event, isChange } = question
  const good = isJob(environment) ? `${event.name}, ${environment.GITHUB_REF ?? ''}` : 'a terminal'
  return checkOf(
    'deploy.event',
    isChange ? 'Is this code merged, and did a push or the button start it?' : 'May code of this event run here?',
    good,
    eventReasons(question),
    'merge it, and let the push deploy, or press the button on the default branch; preview pull requests of this repository on a machine of GitHub’s',
  )
}

function stackReasons({ program, stack, folder }: GuardQuestion): readonly string[] {
  if (program.problem !== '') return [`${folder}/${program.problem}`]
  const project = stack.split('/')[1] ?? ''
  return program.project === project
    ? []
    : [`the program in ${folder} is of the project ${program.project}, and the stack is of ${project}`]
}

/** What is expected, and by whom; two who differ are a reason by themselves. */
function expectation(
  said: string,
  ofStack: string,
  stackFile: string,
  what: string,
): { readonly value: string; readonly reasons: readonly string[] } {
  const differs = said !== '' && ofStack !== '' && normal(said) !== normal(ofStack)
  return {
    value: said || ofStack,
    reasons: differs ? [`the cluster file or an input expects another ${what} than ${stackFile}`] : [],
  }
}

function clusterReasons(question: GuardQuestion, ofSnippet: readonly string[], caSha256: string): readonly string[] {
  if (!isJob(question.environment)) return []
  const { program, expectCaSha256, expectClusterUid } = question
  const ca = expectation(expectCaSha256, program.caSha256, program.stackFile, 'CA')
  const uid = expectation(expectClusterUid, program.clusterUid, program.stackFile, 'UID')
  const unknown =
    caSha256 === ''
      ? [`nothing says which cluster ${question.stack} is for: neither the cluster file nor ${program.stackFile}`]
      : []
  // Without an expectation the snippet has nothing to compare with, and says so in its own words.
  const rest = caSha256 === '' ? ofSnippet.filter((reason) => !reason.startsWith('caSha256 ')) : ofSnippet
  return [...unknown, ...ca.reasons, ...uid.reasons, ...rest]
}

function forgetReasons({ environment, program }: GuardQuestion): readonly string[] {
  const isSet = (name: string): boolean => !['', 'false'].includes(environment[name] ?? '')
  return [
    ...forgetful
      .filter(({ variable }) => isSet(variable))
      .map(({ variable, does }) => `${variable} is set: it ${does}`),
    ...forgetful
      .filter(({ setting }) => program.forgets.includes(setting))
      .map(({ setting, does }) => `kubernetes:${setting} is set in ${program.stackFile}: it ${does}`),
  ]
}

function providerCheck({ program }: GuardQuestion): Check {
  const question = 'Does the provider use the kubeconfig that was checked?'
  const settings = program.detours.map((word) => `kubernetes:${word}`).join(', ')
  if (settings === '')
    return { id: 'deploy.provider', question, verdict: 'pass', found: 'yes, as far as its settings say' }
  return {
    id: 'deploy.provider',
    question,
    verdict: 'warn',
    found: `${program.stackFile} sets ${settings}`,
    cause:
      'the provider then takes that in place of KUBECONFIG, and another address makes Pulumi replace the provider and all in it',
    remedy: program.detours.map((word) => `pulumi config rm kubernetes:${word}`).join(' && '),
  }
}

/** Whether this job may change this cluster, or preview what would be changed. Reads the kubeconfig; every reason is told at once. */
export function guardChecks(question: GuardQuestion): readonly Check[] {
  const { environment, stack, kubeconfig, clusterUid, isChange, program } = question
  const caSha256 = question.expectCaSha256 || program.caSha256
  const expectedUid = question.expectClusterUid || program.clusterUid
  const reasons = refusalsByQuestion(
    {
      stack,
      caSha256,
      ...(expectedUid === '' ? {} : { clusterUid: expectedUid }),
      kubeconfigPath: kubeconfig,
      isPreview: !isChange,
    },
    // The program gets these two from us; what the job says of its own must not be something else.
    { ...environment, DEPLOY_TARGET: environment.DEPLOY_TARGET || stack, CLUSTER_UID: clusterUid },
  )
  const runner = environment.RUNNER_ENVIRONMENT ?? ''
  return [
    checkOf(
      'deploy.runner',
      'Is this the runner beside the cluster?',
      isJob(environment) ? runner : 'a terminal',
      reasons.runner,
      'set runs-on to the labels of the self-hosted runner; a machine of GitHub’s may only preview',
    ),
    eventCheck(question),
    checkOf(
      'deploy.stack',
      'Is this the program of the stack?',
      `${stack}, in ${question.folder}`,
      [...reasons.stack, ...stackReasons(question)],
      'name stack and working-directory of one project; leave DEPLOY_TARGET out of the job: the program gets it from here',
    ),
    checkOf(
      'deploy.cluster',
      'Does the kubeconfig lead to the cluster of the stack?',
      isJob(environment)
        ? `CA ${normal(caSha256).slice(0, 16)}…${expectedUid === '' ? '' : `, UID ${expectedUid}`}`
        : 'not asked',
      clusterReasons(question, reasons.cluster, caSha256),
      'run kubeconfig-esc in an earlier step and hand on its outputs kubeconfig and cluster-uid; when its output ca-sha256 is right: pulumi config set caSha256 <ca-sha256>, or kubeconfig.expect-ca-sha256 in the cluster file',
    ),
    checkOf(
      'deploy.unreachable',
      'Does Pulumi keep what it cannot reach?',
      'yes',
      forgetReasons(question),
      'take it out of the job and of the stack’s configuration; what is really gone is deleted from the state by hand: pulumi state delete <URN>',
    ),
    providerCheck(question),
  ]
}
