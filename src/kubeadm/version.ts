import { VersionError } from '../join/index.ts'
import type { Check } from '../report/index.ts'
import type { KubeadmInstallation } from './model.ts'

/** A Kubernetes version taken apart, e.g. `v1.32.7`; what follows the patch (`+vendor`, `-rc.1`) does not count here. */
interface Version {
  readonly text: string
  /** Major and minor as one number: 132 for v1.32.7. */
  readonly minor: number
  readonly patch: number
}

function parse(text: string): Version | undefined {
  const [, major, minor, patch] = /^v?(\d{1,3})\.(\d{1,3})\.(\d{1,4})(?![\d.])/.exec(text.trim()) ?? []
  if (major === undefined) return undefined
  return {
    text: `v${major}.${minor}.${patch}`,
    minor: Number(major) * 100 + Number(minor),
    patch: Number(patch),
  }
}

/** A kubelet may be this many minor versions older than its API server (kubernetes.io: version skew policy), and never newer. */
const mostMinorsBehind = 3

/** Whether a kubelet goes with a server as far as the skew policy says. */
function isAllowed(kubelet: Version, server: Version): boolean {
  return kubelet.minor <= server.minor && server.minor - kubelet.minor <= mostMinorsBehind
}

/**
 * `match-server` or an exact version → the exact version that the node is to run. Nothing is downloaded with kubeadm: the packages of the
 * host decide, so `match-server` means what the node runs already where that goes with the server, and else the server's version.
 * Throws VersionError for anything else.
 */
export function resolveVersion(wanted: string, serverVersion: string, nodeVersion?: string): string {
  const server = parse(serverVersion)
  if (wanted.trim() === 'match-server') {
    if (server === undefined || /\+k3s/.test(serverVersion)) {
      throw new VersionError(
        `the server's version ${JSON.stringify(serverVersion)} is none that kubeadm sets up`,
        'the server runs another distribution of Kubernetes, or what answers is no API server',
        'check the kubeconfig, or set `distribution`',
      )
    }
    const node = parse(nodeVersion ?? '')
    return node !== undefined && isAllowed(node, server) ? node.text : server.text
  }
  const exact = /^v?\d+\.\d+\.\d+$/.test(wanted.trim()) ? parse(wanted) : undefined
  if (exact !== undefined) return exact.text
  throw new VersionError(
    `version ${JSON.stringify(wanted)} is no version of Kubernetes`,
    'kubeadm joins with the packages that are installed, which have exact versions',
    'write `match-server`, or the exact version that is installed, like v1.32.7',
  )
}

/** What a join brings: the version of the installed kubelet; undefined: there is none, or it does not say. */
export function installedVersion(found: KubeadmInstallation): string | undefined {
  return parse(found.programs.kubelet?.version ?? '')?.text
}

/** Major and minor of the installed kubeadm as one number, e.g. 133; undefined: unknown. */
export function kubeadmMinor(found: KubeadmInstallation): number | undefined {
  return parse(found.programs.kubeadm?.version ?? '')?.minor
}

type Answer = Omit<Check, 'id' | 'question'>

function worst(answers: readonly Answer[]): Answer | undefined {
  return answers.find((one) => one.verdict === 'fail') ?? answers.find((one) => one.verdict === 'warn')
}

function kubeletAnswers(kubelet: Version, server: Version): Answer[] {
  const behind = server.minor - kubelet.minor
  if (behind < 0) {
    return [
      {
        verdict: 'fail',
        found: `the kubelet ${kubelet.text} is newer than the server ${server.text}`,
        cause: 'a kubelet newer than its API server is not supported, and neither kubeadm nor the server notices',
        remedy: `install the packages of ${server.text} (kubeadm, kubelet), or upgrade the control plane first`,
      },
    ]
  }
  if (behind > mostMinorsBehind) {
    return [
      {
        verdict: 'fail',
        found: `the kubelet ${kubelet.text} is ${behind} minor versions older than the server ${server.text}`,
        cause: `a kubelet may be at most ${mostMinorsBehind} minor versions older than its API server`,
        remedy: `install the packages of ${server.text} (kubeadm, kubelet)`,
      },
    ]
  }
  if (behind > 0) {
    return [
      {
        verdict: 'warn',
        found: `the kubelet ${kubelet.text} is ${behind} minor version${behind === 1 ? '' : 's'} older than the server ${server.text}`,
        cause: 'supported, but not what the control plane was set up with',
        remedy: `install the packages of ${server.text} when it suits`,
      },
    ]
  }
  if (kubelet.patch > server.patch) {
    return [
      {
        verdict: 'warn',
        found: `the kubelet ${kubelet.text} is a newer patch than the server ${server.text}`,
        cause: 'the same minor version, so it is supported; the control plane lacks fixes that the node has',
        remedy: `upgrade the control plane to ${kubelet.text} when it suits`,
      },
    ]
  }
  return []
}

function kubeadmAnswers(kubeadm: Version, kubelet: Version, server: Version): Answer[] {
  const install = `install the packages of ${server.text} (kubeadm, kubelet)`
  if (kubeadm.minor - server.minor > 1) {
    return [
      {
        verdict: 'fail',
        found: `kubeadm ${kubeadm.text} is more than one minor version newer than the server ${server.text}`,
        // fixtures/kubeadm/73-server-older-131
        cause:
          'this version of kubeadm only supports deploying clusters whose control plane is at most one minor older',
        remedy: install,
      },
    ]
  }
  const answers: Answer[] = []
  if (kubelet.minor > kubeadm.minor)
    answers.push({
      verdict: 'warn',
      found: `the kubelet ${kubelet.text} is newer than kubeadm ${kubeadm.text}`,
      cause: 'kubeadm writes a configuration for kubelets of its own version or older',
      remedy: install,
    })
  if (kubeadm.minor !== server.minor)
    answers.push({
      verdict: 'warn',
      found: `kubeadm ${kubeadm.text} is of another minor version than the server ${server.text}`,
      cause: 'kubeadm should be of the version that the control plane was last set up or upgraded with',
      remedy: install,
    })
  return answers
}

/**
 * May these packages join a server of this version? kubeadm notices only a control plane that is too old for it; a kubelet that is newer
 * than the server joins without a word (fixtures/kubeadm/80-kubelet-134). `wanted`: the exact version that the inputs ask for.
 */
export function versionCheck(found: KubeadmInstallation, serverVersion: string, wanted: string): Check {
  const id = 'kubeadm.version'
  const question = `Do the installed packages go with a server of ${serverVersion}?`
  const [kubelet, kubeadm, server] = [
    parse(found.programs.kubelet?.version ?? ''),
    parse(found.programs.kubeadm?.version ?? ''),
    parse(serverVersion),
  ]
  if (kubelet === undefined || kubeadm === undefined || server === undefined)
    return { id, verdict: 'skip', question, found: 'unknown: a version could not be read' }
  const wish: Answer[] =
    parse(wanted)?.text === kubelet.text
      ? []
      : [
          {
            verdict: 'fail',
            found: `${kubelet.text} is installed, ${wanted} is wanted`,
            cause: 'kubeadm joins with the packages of the host; nothing is downloaded',
            remedy: `install kubelet and kubeadm ${wanted} with the package manager, or write version: match-server`,
          },
        ]
  const answer = worst([...kubeletAnswers(kubelet, server), ...kubeadmAnswers(kubeadm, kubelet, server), ...wish])
  if (answer !== undefined) return { id, question, ...answer }
  const same = kubeadm.text === kubelet.text ? kubelet.text : `kubelet ${kubelet.text}, kubeadm ${kubeadm.text}`
  return { id, verdict: 'pass', question, found: same }
}
