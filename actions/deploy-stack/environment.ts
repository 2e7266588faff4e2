import type { JobFolder } from './job-folder.ts'

type Environment = Readonly<Record<string, string>>

/** What programs need to find each other, to speak, and to get out. */
const machine = [
  'PATH',
  'LANG',
  'LC_ALL',
  'TZ',
  'CI',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'ALL_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'all_proxy',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
]

/**
 * Which job this is. The CLI records GITHUB_RUN_ID as `ci.build.id` of its update, by which the lock is known again (pulumi/pulumi:
 * sdk/go/common/util/ciutil/github_actions.go), and the program's guard asks for RUNNER_ENVIRONMENT. By RUNNER_TRACKING_ID the runner
 * finds what a job left running. None of them is a token or a file that the runner reads.
 */
const job = [
  'GITHUB_ACTIONS',
  'GITHUB_ACTOR',
  'GITHUB_API_URL',
  'GITHUB_BASE_REF',
  'GITHUB_EVENT_NAME',
  'GITHUB_EVENT_PATH',
  'GITHUB_HEAD_REF',
  'GITHUB_JOB',
  'GITHUB_REF',
  'GITHUB_REF_NAME',
  'GITHUB_REF_TYPE',
  'GITHUB_REPOSITORY',
  'GITHUB_REPOSITORY_ID',
  'GITHUB_REPOSITORY_OWNER',
  'GITHUB_REPOSITORY_OWNER_ID',
  'GITHUB_RUN_ATTEMPT',
  'GITHUB_RUN_ID',
  'GITHUB_RUN_NUMBER',
  'GITHUB_SERVER_URL',
  'GITHUB_SHA',
  'GITHUB_WORKFLOW',
  'GITHUB_WORKFLOW_REF',
  'GITHUB_WORKSPACE',
  'RUNNER_ARCH',
  'RUNNER_ENVIRONMENT',
  'RUNNER_NAME',
  'RUNNER_OS',
  'RUNNER_TRACKING_ID',
]

function taken(environment: Environment, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = Object.hasOwn(environment, name) ? environment[name] : undefined
      return value === undefined || value === '' ? [] : [[name, value] as const]
    }),
  )
}

/** For the package manager and the build: no secret, no home of the runner's user, nothing of the job but that it is one. */
export function installEnvironment(environment: Environment, folder: JobFolder): Environment {
  return {
    ...taken(environment, machine),
    ...taken(environment, ['GITHUB_ACTIONS', 'RUNNER_TRACKING_ID']),
    HOME: folder.home,
    TMPDIR: folder.temporary,
    // Corepack would ask somebody at a terminal before it downloads what package.json names.
    COREPACK_ENABLE_DOWNLOAD_PROMPT: '0',
    // Else a file .corepack.env of the repository names a registry, takes addresses for package managers, or leaves signatures out.
    COREPACK_ENV_FILE: '0',
  }
}

export interface PulumiSettings {
  readonly stackName: string
  readonly kubeconfig: string
  readonly clusterUid: string
  readonly accessToken: string
  /** Empty: none. */
  readonly passphrase: string
  readonly backendUrl: string
  readonly passEnvironment: readonly string[]
}

/** The whole environment of the CLI, and so of the program and its providers. */
export function pulumiEnvironment(environment: Environment, folder: JobFolder, settings: PulumiSettings): Environment {
  return {
    ...taken(environment, settings.passEnvironment),
    ...taken(environment, [...machine, ...job]),
    HOME: folder.home,
    TMPDIR: folder.temporary,
    KUBECONFIG: settings.kubeconfig,
    DEPLOY_TARGET: settings.stackName,
    ...(settings.clusterUid === '' ? {} : { CLUSTER_UID: settings.clusterUid }),
    PULUMI_HOME: folder.pulumiHome,
    PULUMI_ACCESS_TOKEN: settings.accessToken,
    ...(settings.passphrase === '' ? {} : { PULUMI_CONFIG_PASSPHRASE: settings.passphrase }),
    PULUMI_BACKEND_URL: settings.backendUrl,
    PULUMI_SKIP_UPDATE_CHECK: 'true',
  }
}
